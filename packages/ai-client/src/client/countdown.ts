import type { CallOptions } from './ai-client.js';

/** What is left of a bound on several calls together, each time it is asked. */
export function countdown(timeoutMs: number | undefined): () => Pick<CallOptions, 'timeoutMs'> {
  if (timeoutMs === undefined) return () => ({});
  const endsOn = performance.now() + timeoutMs;
  return () => ({ timeoutMs: Math.max(0, endsOn - performance.now()) });
}
