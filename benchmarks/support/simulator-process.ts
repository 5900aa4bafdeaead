import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/** Starts a simulator in its own process, so that its CPU time is not counted. */
export function startSimulator(args: readonly string[] = []): Promise<ServerProcess> {
  const manifest = createRequire(import.meta.url).resolve('@ai-toolkit/llm-simulator/package.json');
  return startServerProcess([join(dirname(manifest), 'dist', 'main.js'), '--port', '0', ...args]);
}
