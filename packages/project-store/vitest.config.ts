import { defineConfig } from 'vitest/config';

// Every write is flushed to the disk, and a busy disk may take seconds for what takes milliseconds on an idle one.
export default defineConfig({ test: { testTimeout: 60_000 } });
