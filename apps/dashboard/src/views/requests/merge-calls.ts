import type { LedgerCall } from '../../api/usage.js';

/** Calls that arrived, and those of the ledger, which may hold some of them already; newest first, each once. */
export function mergeCalls(
  arrived: readonly LedgerCall[],
  known: readonly LedgerCall[],
): readonly LedgerCall[] {
  if (arrived.length === 0) return known;
  const ids = new Set(known.map(identityOf));
  const added = arrived.filter((call) => !ids.has(identityOf(call)));
  if (added.length === 0) return known;
  // Calls arrive as they end, and stand in the order in which they began: only the newest are out of order.
  return [...added, ...known].sort((a, b) => b.startedAt - a.startedAt);
}

/** A caller may give the same id twice. */
export function identityOf({ requestId, startedAt }: LedgerCall): string {
  return `${requestId} ${startedAt}`;
}
