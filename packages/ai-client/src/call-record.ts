import type { Surface } from './surface.js';

/**
 * How the pipeline answered.
 * - `hit`, `stale`: replayed from the cache, fresh or expired.
 * - `semantic`: replayed from the cache: the answer to a reworded question.
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
  /** All prompt tokens, including those read from the provider's own prompt cache. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The part of `inputTokens` that the provider read from its prompt cache. */
  readonly cachedInputTokens?: number;
  /** The part of `outputTokens` that was spent on reasoning. */
  readonly reasoningTokens?: number;
}

/** One part of a composed answer, and how it was found. */
export interface CallPart {
  readonly cache: CacheOutcome;
  /** Absent when no provider reported it. */
  readonly usage?: TokenUsage;
}

/** What the pipeline reports about one call, once, when it has ended. The ledger and the metrics are built from these alone. */
export interface CallRecord {
  readonly requestId: string;
  /** Epoch, ms. */
  readonly startedAt: number;
  readonly surface: Surface;
  /** Name of the provider that answers for the model, even on a hit. */
  readonly provider: string;
  /** Model as that provider names it. */
  readonly model: string;
  /** Model as the caller named it; absent if that is the same. */
  readonly askedModel?: string;
  readonly tenant: string;
  readonly streamed: boolean;
  readonly cache: CacheOutcome;
  readonly status: CallStatus;
  /** HTTP status sent to the caller; absent if the call ended before a head was sent. */
  readonly httpStatus?: number;
  /** Code of the toolkit's error (`AI_…`, `LIMIT_…`), if the call failed with one. */
  readonly errorCode?: string;
  /** Tokens of the answer that the caller received; absent if no provider reported them. */
  readonly usage?: TokenUsage;
  /**
   * `usage` split by how each part was found, if an answer has several: `embed` requests only the vectors that are not cached. `cache` then
   * tells how the provider was called, or that another call was joined.
   */
  readonly parts?: readonly CallPart[];
  /** From the start of the call to its end, ms. */
  readonly durationMs: number;
  /** From the start of the call to the first byte of the answer, ms. */
  readonly firstByteMs?: number;
  /** Time the provider took for the answer, ms: in this call on a miss, in the original call on a hit. */
  readonly upstreamMs?: number;
  /** Number of requests made to the provider for this call: 0 on a hit or when coalesced. */
  readonly attempts: number;
  /**
   * Set if no attempt could even be sent, for example because the connection was refused, so the provider knows of none. Absent if one was
   * sent or none was made.
   */
  readonly unsent?: true;
  /** Part of `upstreamMs`, for a call that asked the provider: time until it began to answer, over all attempts, ms. */
  readonly providerWaitMs?: number;
  /** Time spent waiting for the limits of providers, over all attempts, ms; for a call that asked a provider. */
  readonly queuedMs?: number;
  /** How many upstreams of the model's route were passed over before the one that answered; absent if it was the first. */
  readonly fallbacks?: number;
  /** Cache key in hex; absent on a bypass. */
  readonly key?: string;
  /** For a semantic hit: cosine similarity of the question and the one that was answered, up to 1. */
  readonly similarity?: number;
  /** Labels set by the caller; the planner sets `project` and `stage`. */
  readonly labels?: Readonly<Record<string, string>>;
}
