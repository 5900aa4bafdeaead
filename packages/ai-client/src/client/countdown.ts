import type { CallOptions } from './ai-client.js';

/** A timeout shared by several consecutive calls: returns what is left of it at each call. */
export function countdown(timeoutMs: number | undefined): () => Pick<CallOptions, 'timeoutMs'> {
  if (timeoutMs === undefined) return () => ({});
  const endsOn = performance.now() + timeoutMs;
  return () => ({ timeoutMs: Math.max(0, endsOn - performance.now()) });
}
