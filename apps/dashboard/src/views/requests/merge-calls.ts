import type { LedgerCall } from '../../api/usage.js';

/** Merges calls from events with those of the ledger, which may overlap; newest first, without duplicates. */
export function mergeCalls(
  arrived: readonly LedgerCall[],
  known: readonly LedgerCall[],
): readonly LedgerCall[] {
  if (arrived.length === 0) return known;
  const ids = new Set(known.map(identityOf));
  const added = arrived.filter((call) => !ids.has(identityOf(call)));
  if (added.length === 0) return known;
  // Calls arrive as they end, but are listed by their start: only the newest are out of order.
  return [...added, ...known].sort((a, b) => b.startedAt - a.startedAt);
}

/** Not the request id alone, since a caller may send the same id twice. */
export function identityOf({ requestId, startedAt }: LedgerCall): string {
  return `${requestId} ${startedAt}`;
}
