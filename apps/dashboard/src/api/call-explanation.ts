import type { Miss, MissCause, NearestSearch } from '@ai-toolkit/ai-client';
import { getJson } from './client.js';

export type { Miss, MissCause };

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
