import { KeysError } from '@ai-toolkit/gateway-keys';
import { ConfigError } from '@ai-toolkit/toolkit';
import { WorkerStartError } from './workers/worker-start-error.js';

/** Why the server does not start, for the person starting it: one line for known causes, otherwise the stack. */
export function explain(error: unknown): string {
  if (ConfigError.isInstance(error) || KeysError.isInstance(error)) return `${error.message} ${error.hint}`;
  if (!(error instanceof Error)) return String(error);
  if (error instanceof WorkerStartError) return error.message;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `${error.message}. Another program has the port: choose one with --port N.`;
  if (code === 'EACCES') return `${error.message}. Choose a port above 1023 with --port N.`;
  if (code === 'EADDRNOTAVAIL' || isLookup(error))
    return `${error.message}. Choose an address of this machine with --host H.`;
  return error.stack ?? error.message;
}

/** The name not found is the address to bind: every other lookup wraps the failure in an error of its own. */
function isLookup(error: Error): boolean {
  return 'syscall' in error && error.syscall === 'getaddrinfo';
}
