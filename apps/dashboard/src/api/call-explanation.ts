import { getJson } from './client.js';
import type { NearestSearch } from './explain.js';

export type MissCause =
  | 'new'
  | 'near'
  | 'expired'
  | 'evicted'
  | 'not kept'
  | 'refresh'
  | 'no-store'
  | 'bypass';

/** The findings about a call that went to the provider. */
export interface Miss {
  readonly cause: MissCause;
  /** For a bypass: why such a request is never cached. */
  readonly reason?: string;
  /** For `near`: the fields that differ from the nearest earlier request. */
  readonly differences?: readonly { readonly path: string; readonly class: string }[];
}

/** `/api/usage/calls/{requestId}/explain` */
export interface CallExplanation {
  /** Absent if the call is too old, or was not examined. */
  readonly miss?: Miss;
  /** How it differs from the request stored nearest to it now; absent if its own answer is gone. */
  readonly nearest?: NearestSearch;
}

/** Long, since the search for the nearest request loads stored answers. */
const timeoutMs = 60_000;

export function explainCall(requestId: string, signal: AbortSignal): Promise<CallExplanation> {
  return getJson<CallExplanation>(`api/usage/calls/${encodeURIComponent(requestId)}/explain`, {
    signal,
    timeoutMs,
  });
}
