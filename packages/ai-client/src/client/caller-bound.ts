import { AiError } from '../errors.js';
import type { CallOptions } from './ai-client.js';
import { checkCall } from './check-call.js';

/** Node fires a longer timer at once. */
const longestTimerMs = 2 ** 31 - 1;

/** When one caller stops waiting, whatever becomes of the work that it shares with others. */
export interface CallerBound {
  readonly signal: AbortSignal;
  /** The caller waits no longer: lets go of its signal and its timer, and aborts ours with `reason`. */
  leave(reason: unknown): void;
}

/** Joins a caller's signal and its `timeoutMs` until it leaves. */
export function callerBound(options: CallOptions): CallerBound {
  checkCall(options);
  const { signal, timeoutMs } = options;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => controller.abort(timedOut(timeoutMs)), Math.min(timeoutMs, longestTimerMs)).unref();
  return {
    signal: controller.signal,
    leave(reason) {
      signal?.removeEventListener('abort', onAbort);
      clearTimeout(timer);
      controller.abort(reason);
    },
  };
}

/** The options of a call that several callers may share: what bounds one of them is left out. */
export function withoutBound<O extends CallOptions>(
  options: O,
  signal: AbortSignal,
): Omit<O, 'timeoutMs'> & { readonly signal: AbortSignal } {
  const { timeoutMs: _bound, ...rest } = options;
  return { ...rest, signal };
}

function timedOut(timeoutMs: number): AiError {
  return new AiError('AI_TIMEOUT', `The call took longer than ${timeoutMs} ms.`, {
    hint: 'Allow more time, or ask for a shorter answer.',
    retryable: true,
  });
}
