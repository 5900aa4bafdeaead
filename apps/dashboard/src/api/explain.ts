import type { Surface } from './cache.js';
import { postJson } from './client.js';

/** One place where two requests differ. Values are JSON, shortened. */
export interface Difference {
  readonly where: 'scope' | 'headers' | 'body';
  readonly path: string;
  readonly kind: 'changed' | 'only-here' | 'only-there';
  /** The kind of difference, in one word: `timestamp`, `model`. */
  readonly class?: string;
  readonly here?: string;
  /** Absent if the other request has no value, or only its hash was kept. */
  readonly there?: string;
  /** Kinds of variation, if two texts differ in nothing else, such as `case` or `white space`. */
  readonly onlyIn?: readonly string[];
  /** The part of two texts that differs. */
  readonly span?: { readonly here: string; readonly there: string };
  readonly changesKey: boolean;
}

export interface Comparison {
  readonly sameKey: boolean;
  readonly differences: readonly Difference[];
  readonly omitted: number;
}

export interface NearestSearch {
  readonly entry?: Comparison & { readonly key: string; readonly createdAt: number };
  readonly compared: number;
  readonly passedOver: number;
}

/** `/api/cache/explain` */
export interface Explanation {
  readonly surface: Surface;
  readonly model: string;
  /** Absent when the request is never cached. */
  readonly key?: string;
  readonly bypassReason?: string;
  readonly scope: {
    readonly provider: string;
    readonly baseUrl: string;
    readonly tenant: string;
    readonly namespace?: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly sample: number;
    readonly speaks?: string;
    readonly ownKey?: string;
    readonly ownCredentials: boolean;
  };
  readonly excludedFields: readonly string[];
  readonly stored?:
    | { readonly status: 'miss' }
    | {
        readonly status: 'hit' | 'stale';
        readonly tier: string;
        readonly ageMs: number;
        readonly ttlMs?: number;
      };
  readonly comparison?: Comparison;
  readonly nearest?: NearestSearch;
}

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
