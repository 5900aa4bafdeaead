import { AiError } from '../errors.js';
import type { CallOptions } from './ai-client.js';
import { checkCall } from './check-call.js';

/** Node fires longer timers immediately. */
const longestTimerMs = 2 ** 31 - 1;

/** One caller's limit on waiting, independent of the work it shares with others. */
export interface CallerBound {
  readonly signal: AbortSignal;
  /** Stops waiting: releases the caller's signal and the timer, and aborts `signal` with `reason`. */
  leave(reason: unknown): void;
}

/** Combines a caller's signal and `timeoutMs`, until it leaves. */
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

/** Options for a call that several callers may share: without those that bound a single caller. */
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
