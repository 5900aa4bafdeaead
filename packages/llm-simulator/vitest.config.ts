import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Child processes and large streams are slow on a busy machine, and nothing here measures time. Files share one process and what it has loaded.
  test: { testTimeout: 30_000, expect: { poll: { timeout: 20_000 } }, isolate: false },
});
