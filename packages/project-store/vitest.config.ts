import { defineConfig } from 'vitest/config';

// Every write is flushed to the disk, and a busy disk may take seconds for what takes milliseconds on an idle one. Files share one process and what it has loaded.
export default defineConfig({
  test: { testTimeout: 60_000, expect: { poll: { timeout: 20_000 } }, isolate: false },
});
