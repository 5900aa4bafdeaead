import type { LedgerCall } from '@ai-toolkit/usage';

/** Where the time of a call went, ms. What was not measured, or does not apply, is null. */
export interface CallTimings {
  /** In the queues of the limits of providers. */
  readonly queuedMs: number | null;
  /** Until the provider began to answer, over all attempts. */
  readonly providerWaitMs: number | null;
  /** What is left until the first byte went to the caller: our own work, and the pauses between attempts. */
  readonly overheadMs: number | null;
  /** From the first byte to the end of the answer; a slow reader is part of it. */
  readonly deliveryMs: number | null;
  readonly firstByteMs: number | null;
  readonly totalMs: number;
}

export function timingsOf(call: LedgerCall): CallTimings {
  const { firstByteMs, durationMs: totalMs, queuedMs = null, providerWaitMs = null } = call;
  if (firstByteMs === undefined)
    return { queuedMs, providerWaitMs, overheadMs: null, deliveryMs: null, firstByteMs: null, totalMs };
  // Who joined another call waited for its provider too, for a time that nobody measured.
  const overheadMs =
    call.cache === 'coalesced' ? null : Math.max(0, firstByteMs - (queuedMs ?? 0) - (providerWaitMs ?? 0));
  const deliveryMs = Math.max(0, totalMs - firstByteMs);
  return { queuedMs, providerWaitMs, overheadMs, deliveryMs, firstByteMs, totalMs };
}
