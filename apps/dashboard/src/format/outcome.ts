import type { LedgerCall } from '../api/usage.js';

/** Who answered a call, for colours: the cache, a call in flight, the provider, or nobody. */
export type Source = 'cached' | 'joined' | 'asked' | 'failed';

export interface OutcomeText {
  readonly source: Source;
  readonly label: string;
  /** One sentence. */
  readonly title: string;
}

const outcomes: Readonly<Record<LedgerCall['cache'], OutcomeText>> = {
  hit: { source: 'cached', label: 'hit', title: 'Answered from the cache.' },
  stale: { source: 'cached', label: 'stale', title: 'Answered from the cache, although expired.' },
  semantic: {
    source: 'cached',
    label: 'semantic',
    title: 'Answered from the cache, with the answer to a reworded question.',
  },
  coalesced: { source: 'joined', label: 'coalesced', title: 'Joined an identical request in flight.' },
  miss: { source: 'asked', label: 'miss', title: 'Asked the provider: nothing was cached.' },
  refresh: {
    source: 'asked',
    label: 'refresh',
    title: 'Asked the provider: the caller wanted a fresh answer.',
  },
  bypass: { source: 'asked', label: 'bypass', title: 'Asked the provider: the request cannot be cached.' },
};

/** The text for an outcome alone, as in the headers of a response. */
export function outcomeNamed(cache: LedgerCall['cache']): OutcomeText {
  return outcomes[cache];
}

export function outcomeOf(call: LedgerCall): OutcomeText {
  const outcome = outcomes[call.cache];
  return call.status === 'error' ? { ...outcome, source: 'failed' } : outcome;
}

/** `200`, `429`, `aborted`, or the error's code if no status was sent. */
export function statusOf(call: LedgerCall): string {
  if (call.status === 'aborted') return 'aborted';
  if (call.httpStatus !== undefined) return String(call.httpStatus);
  return call.status === 'ok' ? 'ok' : (call.errorCode ?? 'error');
}
