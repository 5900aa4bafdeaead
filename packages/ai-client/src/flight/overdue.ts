import { timedOut } from './bound.js';
import type { OpenCalls } from './open-calls.js';

/** How often it is looked, in parts of the bound. */
const looks = 20;
const shortestPauseMs = 50;
const longestPauseMs = 10_000;

/**
 * Ends calls that have gone on for longer than `maxCallMs`, with `AI_TIMEOUT`. One timer for all of them: `calls` are in the order in
 * which they began, so a look at the first is enough as long as none is overdue. The returned function ends the looking.
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
