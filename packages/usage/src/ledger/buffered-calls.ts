import type { LedgerCall } from '../accounting.js';
import type { CallsQuery } from './ledger-contract.js';

/** One page of calls, newest first, from those on disk and those not written yet. */
export function mergeCalls(
  stored: readonly LedgerCall[],
  buffered: readonly LedgerCall[],
  query: CallsQuery & { readonly limit: number },
): readonly LedgerCall[] {
  const matching = buffered.filter((call) => matches(call, query));
  return [...stored, ...matching].sort(newestFirst).slice(0, query.limit);
}

function matches(call: LedgerCall, query: CallsQuery): boolean {
  if (query.before !== undefined && newestFirst(query.before, call) >= 0) return false;
  return (['status', 'cache', 'provider', 'model', 'tenant'] as const).every(
    (field) => query[field] === undefined || query[field] === call[field],
  );
}

type Position = Pick<LedgerCall, 'startedAt' | 'requestId'>;

function newestFirst(a: Position, b: Position): number {
  if (a.startedAt !== b.startedAt) return b.startedAt - a.startedAt;
  return a.requestId < b.requestId ? 1 : a.requestId > b.requestId ? -1 : 0;
}
