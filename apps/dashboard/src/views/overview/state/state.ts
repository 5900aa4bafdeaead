import type { CacheReport } from '../../../api/cache.js';
import type { LedgerCall, UsageReport } from '../../../api/usage.js';
import { applyCall } from './apply-call.js';
import type { Range } from './range.js';

/** The server's figures for a time span. */
export interface Snapshot {
  readonly range: Range;
  readonly overTime: UsageReport;
  readonly byModel: UsageReport;
  readonly cache: CacheReport | null;
  /** Newest first. */
  readonly calls: readonly LedgerCall[];
}

export interface State {
  readonly range: Range;
  readonly overTime: UsageReport | null;
  readonly byModel: UsageReport | null;
  readonly cache: CacheReport | null;
  /** Newest first. */
  readonly calls: readonly LedgerCall[];
  /** Request ids of calls that arrived while the view was open. */
  readonly arrived: ReadonlySet<string>;
}

export type Action =
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'calls'; readonly calls: readonly LedgerCall[] }
  | { readonly type: 'range'; readonly range: Range };

/** Bounds the memory of a page that is left open for days. */
export const maxCalls = 200;

export const initialState: State = {
  range: '24h',
  overTime: null,
  byModel: null,
  cache: null,
  calls: [],
  arrived: new Set(),
};

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'snapshot':
      return addSnapshot(state, action.snapshot);
    case 'calls':
      return addCalls(state, action.calls);
    case 'range':
      return { ...state, range: action.range, overTime: null, byModel: null };
  }
}

function addSnapshot(state: State, { range, overTime, byModel, cache, calls }: Snapshot): State {
  const merged = mergeCalls(calls, state.calls);
  // Ignore late figures of a span that is no longer selected.
  if (range !== state.range) return { ...state, cache, calls: merged };
  return { ...state, overTime, byModel, cache, calls: merged };
}
/** Merges both: a list may lack calls whose events arrived before it, and contain calls without an event. */
function mergeCalls(newer: readonly LedgerCall[], known: readonly LedgerCall[]): readonly LedgerCall[] {
  const byId = new Map([...newer, ...known].map((call) => [identityOf(call), call]));
  return [...byId.values()].sort((a, b) => b.startedAt - a.startedAt).slice(0, maxCalls);
}

function addCalls(state: State, arrived: readonly LedgerCall[]): State {
  const known = new Set(state.calls.map(identityOf));
  const added = arrived.filter((call) => !known.has(identityOf(call)));
  const calls = mergeCalls(added.toReversed(), state.calls);
  const kept = new Set(calls.map((call) => call.requestId));
  const ids = [...state.arrived, ...added.map((call) => call.requestId)];
  return {
    ...state,
    calls,
    arrived: new Set(ids.filter((id) => kept.has(id))),
    overTime: state.overTime === null ? null : added.reduce(applyCall, state.overTime),
    byModel: state.byModel === null ? null : added.reduce(applyCall, state.byModel),
  };
}

function identityOf({ requestId, startedAt }: LedgerCall): string {
  return `${requestId} ${startedAt}`;
}
