import { defineConfig } from 'vitest/config';

/** Some of these tests pack and install, and the others run beside them on a machine that is busy with it. */
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, expect: { poll: { timeout: 20_000 } } },
});
