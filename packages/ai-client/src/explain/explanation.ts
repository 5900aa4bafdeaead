import type { ExchangeRequest } from '../exchange.js';
import type { SkippedUpstream } from '../routing/router.js';
import type { Surface } from '../surface.js';
import type { Comparison } from './difference.js';
import type { NearestSearch } from './nearest.js';

export interface ExplainOptions {
  /** What to compare the request with: another request, or the key of a stored answer. */
  readonly against?: ExchangeRequest | string;
  /** Find the stored answer with the nearest request. Default false, since it loads entries. */
  readonly nearest?: boolean;
  /** Maximum number of entries that the search loads: the most recent ones of the model first. Default 2,000. */
  readonly maxEntries?: number;
}

/** The parts of the key besides the body. Secrets are redacted. */
export interface ExplainedScope {
  readonly provider: string;
  readonly baseUrl: string;
  readonly tenant: string;
  readonly namespace?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sample: number;
  /** The wire format used with the provider, if it is not the caller's. */
  readonly speaks?: string;
  /** The caller's own key, used instead of the body. */
  readonly ownKey?: string;
  /** Whether the caller brought its own credentials: the answer is then shared only with the same ones. */
  readonly ownCredentials: boolean;
}

/** Whether an answer is in the cache, and its age. */
export type ExplainedEntry =
  | { readonly status: 'miss' }
  | {
      readonly status: 'hit' | 'stale';
      /** Tier in which it was found: `memory`, `disk`, …. */
      readonly tier: string;
      readonly ageMs: number;
      /** Remaining lifetime, ms; absent if it never expires. */
      readonly ttlMs?: number;
    };

/** Another upstream that may answer, and the key of its answer. */
export interface ExplainedTarget {
  readonly provider: string;
  readonly model: string;
  readonly key?: string;
}

/** How the cache treats a request. Plain data, without prompt texts except in shortened differences. */
export interface Explanation {
  readonly surface: Surface;
  /** Model as the provider names it. */
  readonly model: string;
  /** Cache key in hex; absent if the request cannot be cached. */
  readonly key?: string;
  /** Why it cannot be cached. */
  readonly bypassReason?: string;
  readonly scope: ExplainedScope;
  /** Fields present in the body that are not part of the key. */
  readonly excludedFields: readonly string[];
  /** Upstreams to be asked if the first does not answer. */
  readonly alternatives: readonly ExplainedTarget[];
  /** Upstreams of the route that are not asked, and why: they lack the surface, or their wire format cannot express the request. */
  readonly skipped: readonly SkippedUpstream[];
  /** Absent if the request cannot be cached. */
  readonly stored?: ExplainedEntry;
  /** Differences from `against`. */
  readonly comparison?: Comparison;
  readonly nearest?: NearestSearch;
}
