import { defineConfig } from 'vitest/config';

/** Each starts processes and kills them, beside the tests of other packages. */
export default defineConfig({ test: { include: ['test/**/*.test.ts'], testTimeout: 120_000 } });
