import { defineConfig } from 'vitest/config';

/** The report as its readers open it: in the system's Chromium, on paper, and with a reader for the disabled. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['test/browser/set-up.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores in CI, and a browser for each file.
    maxWorkers: 2,
  },
});
