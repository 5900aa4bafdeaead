import type { ExchangeRequest } from '../exchange.js';
import type { SkippedUpstream } from '../routing/router.js';
import type { Surface } from '../surface.js';
import type { Comparison } from './difference.js';
import type { NearestSearch } from './nearest.js';

export interface ExplainOptions {
  /** What to compare the request with: another request, or the key of a stored answer. */
  readonly against?: ExchangeRequest | string;
  /** Look for the stored answer whose request is nearest. Default false: it loads entries. */
  readonly nearest?: boolean;
  /** Most entries that such a search loads, the most recent ones of the model. Default 2,000. */
  readonly maxEntries?: number;
}

/** What of a request is part of its key, beside its body. Secrets are not shown. */
export interface ExplainedScope {
  readonly provider: string;
  readonly baseUrl: string;
  readonly tenant: string;
  readonly namespace?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sample: number;
  /** The wire format that the provider is asked in, when it is not the caller's. */
  readonly speaks?: string;
  /** The key that the caller gave in place of the body. */
  readonly ownKey?: string;
  /** The caller brought the credentials: the answer is shared only with the same ones. */
  readonly ownCredentials: boolean;
}

/** Whether an answer is in the cache, and where it stands in its life. */
export type ExplainedEntry =
  | { readonly status: 'miss' }
  | {
      readonly status: 'hit' | 'stale';
      /** Where it was found: `memory`, `disk`, …. */
      readonly tier: string;
      readonly ageMs: number;
      /** Left of its lifetime, ms; absent when it never expires. */
      readonly ttlMs?: number;
    };

/** One upstream that may answer as well, and the key of its answer. */
export interface ExplainedTarget {
  readonly provider: string;
  readonly model: string;
  readonly key?: string;
}

/** What the cache makes of a request. Plain data, without the text of prompts but for shortened differences. */
export interface Explanation {
  readonly surface: Surface;
  /** Model as the provider names it. */
  readonly model: string;
  /** Cache key in hex; absent when the request is never cached. */
  readonly key?: string;
  /** Why it is never cached. */
  readonly bypassReason?: string;
  readonly scope: ExplainedScope;
  /** Fields of the body that it has and that are no part of the key. */
  readonly excludedFields: readonly string[];
  /** Others that answer when the first does not. */
  readonly alternatives: readonly ExplainedTarget[];
  /** Others of the route that are not asked, and why: they lack the surface, or have no words for the request. */
  readonly skipped: readonly SkippedUpstream[];
  /** Absent when the request is never cached. */
  readonly stored?: ExplainedEntry;
  /** What differs from what `against` named. */
  readonly comparison?: Comparison;
  readonly nearest?: NearestSearch;
}
