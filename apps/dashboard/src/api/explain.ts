import type { Comparison, Difference, Explanation, NearestSearch, Surface } from '@ai-toolkit/ai-client';
import { postJson } from './client.js';

export type { Comparison, Difference, Explanation, NearestSearch };

export interface AskedRequest {
  readonly surface: Surface;
  readonly body: Readonly<Record<string, unknown>>;
  readonly tenant?: string;
}

export interface ExplainRequest extends AskedRequest {
  /** Another request, or the key of a stored answer. */
  readonly against?: AskedRequest | string;
  readonly nearest?: boolean;
}

/** Long, since the search for the nearest request loads stored answers. */
const timeoutMs = 60_000;

/** Asks no provider. */
export function explainRequest(request: ExplainRequest, signal?: AbortSignal): Promise<Explanation> {
  return postJson<Explanation>('api/cache/explain', request, {
    timeoutMs,
    ...(signal === undefined ? {} : { signal }),
  });
}
