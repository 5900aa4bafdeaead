import type { LedgerCall } from '../accounting.js';

/** Which calls get a row of their own. All are in the sums. */
export interface RowAllowance {
  /** Whether the call gets a row. */
  admits(call: LedgerCall): boolean;
}

/** So many at once get their rows whatever the rate. */
const burstSeconds = 10;

/**
 * A row costs more than all else that accounting does, and of thousands of hits a second nobody reads each. So hits that ended well get
 * at most `perSecond` rows, after a burst of ten seconds' worth (a token bucket); whatever asked a provider, failed or was aborted
 * always gets one.
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
        // A clock that was set back gives nothing, and takes nothing.
        left = Math.min(most, left + (Math.max(0, now - filledAt) / 1000) * perSecond);
        filledAt = now;
      }
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
