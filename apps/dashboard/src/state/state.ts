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
      return { ...state, info: action.info, calls: mergeCalls(state.calls, action.calls) };
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
      return action.calls.reduce(addCall, state);
    case 'range':
      return { ...state, range: action.range, overTime: null, byModel: null };
  }
}

/** Events may have come before the snapshot that they are newer than. */
function mergeCalls(known: readonly LedgerCall[], loaded: readonly LedgerCall[]): readonly LedgerCall[] {
  const byId = new Map([...known, ...loaded].map((call) => [`${call.requestId} ${call.startedAt}`, call]));
  return [...byId.values()].sort((a, b) => b.startedAt - a.startedAt).slice(0, maxCalls);
}

function addCall(state: State, call: LedgerCall): State {
  if (state.calls.some((known) => known.requestId === call.requestId && known.startedAt === call.startedAt))
    return state;
  const calls = [call, ...state.calls].slice(0, maxCalls);
  const kept = new Set(calls.map((known) => known.requestId));
  return {
    ...state,
    calls,
    arrived: new Set([...state.arrived, call.requestId].filter((id) => kept.has(id))),
    overTime: state.overTime === null ? null : applyCall(state.overTime, call),
    byModel: state.byModel === null ? null : applyCall(state.byModel, call),
  };
}
