import { defineConfig } from 'vitest/config';

/** A long timeout: each test starts and kills processes, while the tests of other packages run. */
export default defineConfig({ test: { include: ['test/**/*.test.ts'], testTimeout: 120_000 } });
