import type { Surface } from './surface.js';

/**
 * How the pipeline answered.
 * - `hit`, `stale`: replayed from the cache, fresh or past its freshness.
 * - `semantic`: replayed from the cache, where it is the answer to another question that says the same.
 * - `coalesced`: joined an identical request in flight.
 * - `miss`: asked the provider, because nothing was cached.
 * - `refresh`: asked the provider, because the caller forbade reading the cache.
 * - `bypass`: asked the provider, because the request cannot or may not be cached.
 */
export type CacheOutcome = 'hit' | 'stale' | 'semantic' | 'coalesced' | 'miss' | 'refresh' | 'bypass';

/** How the call ended, as its caller saw it. */
export type CallStatus = 'ok' | 'error' | 'aborted';

/** Token counts as a provider reports them. Absent fields were not reported. */
export interface TokenUsage {
  /** All prompt tokens, those read from the provider's own prompt cache included. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The part of `inputTokens` that the provider read from its prompt cache. */
  readonly cachedInputTokens?: number;
  /** The part of `outputTokens` that was spent on reasoning. */
  readonly reasoningTokens?: number;
}

/** A part of an answer that was put together, and how it was found. */
export interface CallPart {
  readonly cache: CacheOutcome;
  /** Absent when no provider reported it. */
  readonly usage?: TokenUsage;
}

/** What the pipeline says of one call, once, when it ended. The ledger and the metrics are fed by these alone. */
export interface CallRecord {
  readonly requestId: string;
  /** Epoch, ms. */
  readonly startedAt: number;
  readonly surface: Surface;
  /** Name of the provider that answers for the model, also on a hit. */
  readonly provider: string;
  /** Model as that provider names it. */
  readonly model: string;
  /** Model as the caller named it; absent where that is the same. */
  readonly askedModel?: string;
  readonly tenant: string;
  readonly streamed: boolean;
  readonly cache: CacheOutcome;
  readonly status: CallStatus;
  /** HTTP status given to the caller; absent when the call ended before a head was sent. */
  readonly httpStatus?: number;
  /** Code of the toolkit's error (`AI_…`, `LIMIT_…`), when the call failed by one. */
  readonly errorCode?: string;
  /** Tokens of the answer that the caller received; absent when no provider reported them. */
  readonly usage?: TokenUsage;
  /**
   * The same by how it was found, where one answer was found in several ways: `embed` asks for the vectors alone that it does not
   * know. `cache` then says how the provider was asked, or that another call was joined.
   */
  readonly parts?: readonly CallPart[];
  /** From the start of the call to its end, ms. */
  readonly durationMs: number;
  /** From the start of the call to the first byte of the answer, ms. */
  readonly firstByteMs?: number;
  /** Time that the provider took for the answer, ms: of this call on a miss, of the original call on a hit. */
  readonly upstreamMs?: number;
  /** Attempts made at the provider for this call: 0 on a hit or when coalesced. */
  readonly attempts: number;
  /** No attempt got as far as being sent, as where nobody listens: the provider knows of none. Absent where one did, or none was made. */
  readonly unsent?: true;
  /** Part of `upstreamMs` of a call that asked: until the provider began to answer, over all attempts, ms. */
  readonly providerWaitMs?: number;
  /** How long a call that asked waited for its turns at the limits of providers, over all attempts, ms. */
  readonly queuedMs?: number;
  /** How many upstreams of the model's route were passed over before the one that answers; absent where it was the first. */
  readonly fallbacks?: number;
  /** Cache key in hex; absent on a bypass. */
  readonly key?: string;
  /** Of a semantic hit: the cosine of the question and the one that was answered, up to 1. */
  readonly similarity?: number;
  /** What the caller said of the call; the planner gives `project` and `stage`. */
  readonly labels?: Readonly<Record<string, string>>;
}
