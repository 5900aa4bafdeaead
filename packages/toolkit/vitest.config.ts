import { defineConfig } from 'vitest/config';

/** These tests open databases and servers, and a loaded machine takes its time for that. */
export default defineConfig({ test: { testTimeout: 30_000 } });
