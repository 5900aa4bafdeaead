import type { LedgerCall } from '../accounting.js';
import { type BoundedCallsQuery, facetFields } from './calls-reader.js';
import type { CallsQuery } from './ledger-contract.js';

/** One page of calls, newest first, from those on disk and those not yet written. */
export function mergeCalls(
  stored: readonly LedgerCall[],
  buffered: readonly LedgerCall[],
  query: BoundedCallsQuery,
): readonly LedgerCall[] {
  const matching = buffered.filter((call) => matches(call, query));
  return [...stored, ...matching].sort(newestFirst).slice(0, query.limit);
}

function matches(call: LedgerCall, query: CallsQuery): boolean {
  const { before, since = 0, until = Number.POSITIVE_INFINITY, requestIdPrefix = '' } = query;
  if (before !== undefined && newestFirst(before, call) >= 0) return false;
  if (call.startedAt < since || call.startedAt >= until) return false;
  if (!call.requestId.startsWith(requestIdPrefix)) return false;
  return facetFields.every((field) => query[field] === undefined || query[field] === fieldOf(call, field));
}

function fieldOf(call: LedgerCall, field: (typeof facetFields)[number]): string | undefined {
  const isLabel = field === 'key' || field === 'project' || field === 'stage';
  return isLabel ? call.labels?.[field] : call[field];
}

type Position = Pick<LedgerCall, 'startedAt' | 'requestId'>;

function newestFirst(a: Position, b: Position): number {
  if (a.startedAt !== b.startedAt) return b.startedAt - a.startedAt;
  return a.requestId < b.requestId ? 1 : a.requestId > b.requestId ? -1 : 0;
}
