import type { LedgerCall } from '../accounting.js';

/** Decides which calls get a row of their own. All calls are in the sums. */
export interface RowAllowance {
  /** Whether the call gets a row. */
  admits(call: LedgerCall): boolean;
}

/** A burst worth this many seconds gets its rows whatever the rate. */
const burstSeconds = 10;

/**
 * A row costs more than all other accounting, and nobody reads each of thousands of hits a second. So successful hits get at most
 * `perSecond` rows, after a burst of ten seconds' worth (a token bucket); calls that asked a provider, failed or were aborted always get
 * one.
 */
export function createRowAllowance(perSecond: number, clock: () => number): RowAllowance {
  const most = perSecond * burstSeconds;
  let left = most;
  let filledAt = clock();
  return {
    admits({ cache, status }) {
      if (status !== 'ok' || cache === 'miss' || cache === 'refresh' || cache === 'bypass') return true;
      if (left < 1) {
        const now = clock();
        // A clock that was set back adds nothing and removes nothing.
        left = Math.min(most, left + (Math.max(0, now - filledAt) / 1000) * perSecond);
        filledAt = now;
      }
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
