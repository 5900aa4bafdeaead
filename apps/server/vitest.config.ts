import { defineConfig } from 'vitest/config';

/** These tests start real processes, and a loaded machine takes its time for that. Files share one process and what it has loaded, two at a time: they wait a lot. */
export default defineConfig({ test: { testTimeout: 60_000, isolate: false, maxWorkers: 2 } });
