import { defineConfig } from 'vitest/config';

/** The real command against the laboratory of real servers: needs root and Debian's packages, see test/lab/README.md. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/lab/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
