import type { LedgerCall } from '@ai-toolkit/usage';

/** Where the time of a call went, ms. Null if not measured or not applicable. */
export interface CallTimings {
  /** In the queues of the provider limits. */
  readonly queuedMs: number | null;
  /** Until the provider began to answer, over all attempts. */
  readonly providerWaitMs: number | null;
  /** The rest of the time to the first byte: our own work, and the pauses between attempts. */
  readonly overheadMs: number | null;
  /** From the first byte to the end of the response, including time spent waiting for a slow client. */
  readonly deliveryMs: number | null;
  readonly firstByteMs: number | null;
  readonly totalMs: number;
}

export function timingsOf(call: LedgerCall): CallTimings {
  const { firstByteMs, durationMs: totalMs, queuedMs = null, providerWaitMs = null } = call;
  if (firstByteMs === undefined)
    return { queuedMs, providerWaitMs, overheadMs: null, deliveryMs: null, firstByteMs: null, totalMs };
  // A coalesced call also waited for the provider of the call it joined, for a time that is not measured.
  const overheadMs =
    call.cache === 'coalesced' ? null : Math.max(0, firstByteMs - (queuedMs ?? 0) - (providerWaitMs ?? 0));
  const deliveryMs = Math.max(0, totalMs - firstByteMs);
  return { queuedMs, providerWaitMs, overheadMs, deliveryMs, firstByteMs, totalMs };
}
