import { AiError } from '../errors.js';
import type { Call } from './call.js';

/** Node fires longer timers immediately. */
const longestTimerMs = 2 ** 31 - 1;

/** Ends a call on timeout or when its signal aborts. The returned function releases both. */
export function bound(
  call: Call,
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
): () => void {
  if (signal === undefined && timeoutMs === undefined) return unbound;
  const onAbort = (): void => call.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => call.fail(timedOut(timeoutMs)), Math.min(timeoutMs, longestTimerMs)).unref();
  return () => {
    signal?.removeEventListener('abort', onAbort);
    clearTimeout(timer);
  };
}

function unbound(): void {}

export function timedOut(timeoutMs: number): AiError {
  return new AiError('AI_TIMEOUT', `The call took longer than ${timeoutMs} ms.`, {
    hint: 'Allow more time, or ask for a shorter answer.',
    retryable: true,
  });
}
