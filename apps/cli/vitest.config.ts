import { defineConfig } from 'vitest/config';

/** These tests start real processes, and a loaded machine takes its time for that. */
export default defineConfig({ test: { testTimeout: 60_000 } });
