import type { Miss, MissCause, NearestSearch } from '@ai-toolkit/ai-client';
import { getJson } from './client.js';

export type { Miss, MissCause };

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
