import { defineConfig } from 'vitest/config';

/**
 * These tests start real processes, and a loaded machine takes its time for that. Files share a process and what it has loaded; two of
 * them run at once, since this suite takes longest and most of it waits.
 */
export default defineConfig({
  test: { testTimeout: 60_000, expect: { poll: { timeout: 20_000 } }, isolate: false, maxWorkers: 2 },
});
