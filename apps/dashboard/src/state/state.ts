import type { CacheReport, LedgerCall, ServerInfo, UsageReport } from '../api.js';
import type { Figures } from '../client.js';
import { applyCall } from './apply-call.js';
import type { Range } from './range.js';

/** `lost`: the server was there or should be, does not answer, and is tried again. */
export type Link = 'connecting' | 'live' | 'lost' | 'forbidden';

export interface State {
  readonly link: Link;
  /** What went wrong last, for people; null when nothing did. */
  readonly problem: string | null;
  readonly range: Range;
  readonly info: ServerInfo | null;
  readonly overTime: UsageReport | null;
  readonly byModel: UsageReport | null;
  readonly cache: CacheReport | null;
  /** Newest first. */
  readonly calls: readonly LedgerCall[];
  /** Request ids of calls that arrived while the page was open. */
  readonly arrived: ReadonlySet<string>;
}

export type Action =
  | { readonly type: 'connecting' }
  | { readonly type: 'connected'; readonly info: ServerInfo; readonly calls: readonly LedgerCall[] }
  | { readonly type: 'live' }
  | { readonly type: 'lost'; readonly problem: string }
  | { readonly type: 'forbidden' }
  | { readonly type: 'figures'; readonly range: Range; readonly figures: Figures }
  | { readonly type: 'listed'; readonly calls: readonly LedgerCall[] }
  | { readonly type: 'calls'; readonly calls: readonly LedgerCall[] }
  | { readonly type: 'range'; readonly range: Range };

/** A page that is left open for days must not grow for days. */
export const maxCalls = 200;

export const initialState: State = {
  link: 'connecting',
  problem: null,
  range: '24h',
  info: null,
  overTime: null,
  byModel: null,
  cache: null,
  calls: [],
  arrived: new Set(),
};

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'connecting':
      return state.link === 'lost' ? state : { ...state, link: 'connecting' };
    case 'connected':
      return { ...state, info: action.info, calls: mergeCalls(action.calls, state.calls) };
    case 'listed':
      return { ...state, calls: mergeCalls(action.calls, state.calls) };
    case 'live':
      return { ...state, link: 'live', problem: null };
    case 'lost':
      return { ...state, link: 'lost', problem: action.problem };
    case 'forbidden':
      return { ...initialState, range: state.range, link: 'forbidden' };
    case 'figures':
      // An answer for a span that is not looked at any more comes too late.
      if (action.range !== state.range) return state;
      return { ...state, ...action.figures };
    case 'calls':
      return addCalls(state, action.calls);
    case 'range':
      return { ...state, range: action.range, overTime: null, byModel: null };
  }
}

/** Events may have come before a list that lacks them, and a list has calls of which no event told. */
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
