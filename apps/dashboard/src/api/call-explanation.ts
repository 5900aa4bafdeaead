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

/** What was found out of a call that asked the provider. */
export interface Miss {
  readonly cause: MissCause;
  /** Of a bypass: why such a request is never cached. */
  readonly reason?: string;
  /** Of `near`: in which fields it differs from the nearest request before it. */
  readonly differences?: readonly { readonly path: string; readonly class: string }[];
}

/** `/api/usage/calls/{requestId}/explain` */
export interface CallExplanation {
  /** Absent when it is too long ago, or was not looked at. */
  readonly miss?: Miss;
  /** In what it differs from the nearest stored request, now; absent when its own answer is gone. */
  readonly nearest?: NearestSearch;
}

/** The search for the nearest loads answers. */
const timeoutMs = 60_000;

export function explainCall(requestId: string, signal: AbortSignal): Promise<CallExplanation> {
  return getJson<CallExplanation>(`api/usage/calls/${encodeURIComponent(requestId)}/explain`, {
    signal,
    timeoutMs,
  });
}
