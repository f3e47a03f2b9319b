import { defineConfig } from 'vitest/config';

/** Tests against real servers and network namespaces: need root and Debian's packages, see test/real/README.md. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/real/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
