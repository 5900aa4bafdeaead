import { timedOut } from './bound.js';
import type { OpenCalls } from './open-calls.js';

/** Checks per `maxCallMs`. */
const looks = 20;
const shortestPauseMs = 50;
const longestPauseMs = 10_000;

/**
 * Ends calls that take longer than `maxCallMs`, with `AI_TIMEOUT`. Uses one timer for all of them: `calls` are in starting order, so
 * checking the first is enough while none is overdue. The returned function stops the timer.
 */
export function sweepOverdue(calls: OpenCalls, maxCallMs: number): () => void {
  const pauseMs = Math.min(longestPauseMs, Math.max(shortestPauseMs, maxCallMs / looks));
  const timer = setInterval(() => {
    const startedBefore = performance.now() - maxCallMs;
    for (let call = calls.oldest; call !== undefined; call = calls.oldest) {
      if (call.description.startedOn > startedBefore) return;
      call.fail(timedOut(maxCallMs));
    }
  }, pauseMs).unref();
  return () => clearInterval(timer);
}
