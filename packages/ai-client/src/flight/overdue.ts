import { timedOut } from './bound.js';
import type { Call } from './call.js';

/** How often it is looked, in parts of the bound. */
const looks = 20;
const shortestPauseMs = 50;
const longestPauseMs = 10_000;

/**
 * Ends calls that have gone on for longer than `maxCallMs`, with `AI_TIMEOUT`. One timer for all of them: `calls` are in the order in
 * which they began, so a look at the first is enough as long as none is overdue. The returned function ends the looking.
 */
export function sweepOverdue(calls: ReadonlySet<Call>, maxCallMs: number): () => void {
  const pauseMs = Math.min(longestPauseMs, Math.max(shortestPauseMs, maxCallMs / looks));
  const timer = setInterval(() => {
    const oldest = performance.now() - maxCallMs;
    for (const call of calls) {
      if (call.description.startedOn > oldest) return;
      call.fail(timedOut(maxCallMs));
    }
  }, pauseMs).unref();
  return () => clearInterval(timer);
}
