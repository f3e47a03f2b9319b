import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/real/**', 'test/lab/**', 'test/browser/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Two cores in CI: more workers only fight each other.
    maxWorkers: 2,
  },
});
