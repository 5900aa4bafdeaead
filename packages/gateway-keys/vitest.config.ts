import { defineConfig } from 'vitest/config';

/** Some of these tests start processes or draw many cases, and a loaded machine takes its time for that. Files share one process and what it has loaded. */
export default defineConfig({
  test: { testTimeout: 30_000, expect: { poll: { timeout: 20_000 } }, isolate: false },
});
