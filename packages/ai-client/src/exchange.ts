import type { CacheDirectives } from './cache-directives.js';
import type { CacheOutcome, CallRecord, TokenUsage } from './call-record.js';
import type { Provider } from './providers/provider.js';
import type { Surface } from './surface.js';

/** One request to a provider, as passed to the pipeline. */
export interface ExchangeRequest {
  readonly surface: Surface;
  /** The JSON body as the caller wrote it, UTF-8. It reaches the provider unchanged, including unknown fields. */
  readonly body: Uint8Array;
  /**
   * Headers for the provider in addition to its own (names in lower case), such as `anthropic-beta`. They are part of the key.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Use this provider instead of the one that the router finds for the model. */
  readonly provider?: Provider;
  /** Who asks: tenants never share an answer. Default `default`. */
  readonly tenant?: string;
  readonly cache?: CacheDirectives;
  /** Give each event of a stream an id, so that the stream can be resumed. Default false: events pass unchanged. */
  readonly eventIds?: boolean;
  /**
   * Id of the last event received before a stream broke off. The stream continues after it if the answer is in progress or stored, and
   * otherwise fails with `AI_STREAM_GONE`. No provider is asked again.
   */
  readonly lastEventId?: string;
  /** The caller's headers `traceparent` and `tracestate` (https://www.w3.org/TR/trace-context/). Not part of the key. */
  readonly trace?: { readonly traceparent: string; readonly tracestate?: string };
  /** Shown in errors and records. Default: a new UUID. */
  readonly requestId?: string;
  /** Time limit for the whole call, ms. Default: none. */
  readonly timeoutMs?: number;
  /** Longest silence of the provider, ms. Default: the pipeline's. */
  readonly idleTimeoutMs?: number;
  /** Higher goes first when calls wait for a provider's limits. Default 0. */
  readonly priority?: number;
  readonly signal?: AbortSignal;
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Returns members to add to the event of a stream that reports its usage, if the caller requested that event: facts known only when an
   * answer has ended. Called only for chat completions, where the wire format has such an event. Default: the event passes unchanged.
   */
  readonly noteUsage?: (
    facts: ExchangeFacts,
    usage: TokenUsage | undefined,
  ) => Readonly<Record<string, unknown>>;
  /** Called with the record of this call when it has ended, instead of the pipeline's `onCall`. */
  readonly onCall?: (record: CallRecord) => void;
}

/** How an answer was found, or how far the call got. */
export interface ExchangeFacts {
  readonly requestId: string;
  /** `none` if no provider was found for the request. */
  readonly provider: string;
  /** As that provider names it; `unknown` if the request could not be read. */
  readonly model: string;
  readonly cache: CacheOutcome;
  /** Cache key in hex; absent on a bypass. */
  readonly key?: string;
  /** Number of requests made to the provider, 0 if none. */
  readonly attempts: number;
  /** How long the call has waited for the provider so far, ms. The rest of its time is the pipeline's own. */
  readonly upstreamMs: number;
}

/** Status line, headers and origin of an answer. */
export interface ExchangeHead extends ExchangeFacts {
  /** HTTP status: the provider's, or 200 from the cache. */
  readonly status: number;
  /**
   * The provider's headers that concern the caller, names in lower case; from the cache, only the content type. The object belongs to
   * this sink, which may add its own.
   */
  readonly headers: Record<string, string>;
  /** Whether the body is sent as server-sent events. */
  readonly streamed: boolean;
  /** Length of a stored answer's body in bytes, if all of it is available at once; absent if its events are paced. */
  readonly length?: number;
  /** The usage reported by the provider, if it is known before the first byte. */
  readonly usage?: TokenUsage;
  /** Age of a stored answer, ms. */
  readonly ageMs?: number;
  /** Time until a stored answer expires, ms; absent if it never does. */
  readonly ttlMs?: number;
  /**
   * For a semantic hit: the key of the stored answer, which belongs to another question, and the cosine similarity of the two questions, up
   * to 1.
   */
  readonly similar?: { readonly key: string; readonly similarity: number };
  /** What was omitted or changed to express the request in the provider's format: `seed=omitted, store=omitted`. */
  readonly translation?: string;
}

/** What is known when an answer has ended successfully. */
export interface ExchangeEnd {
  readonly usage?: TokenUsage;
}

/** Receives an answer as it arrives. Exactly one of `onEnd` and `onError` is called, once, as the last call. */
export interface ExchangeSink {
  onHead(head: ExchangeHead): void;
  /**
   * Some bytes of the body: whole events of a stream, or an entire body. Return false to receive no more until `resume()`.
   */
  onData(bytes: Uint8Array): boolean;
  onEnd(end: ExchangeEnd): void;
  /**
   * An `AiError`, a `LimitError`, or the reason of the aborted signal. It may come before or after the head. What this throws becomes an
   * uncaught exception, as with `onCall`.
   */
  onError(error: unknown, facts: ExchangeFacts): void;
}

/** Handle of a running exchange. */
export interface Exchange {
  readonly requestId: string;
  /** Resumes delivery after `onData` returned false. */
  resume(): void;
  /** Withdraws this caller; `onError` is called with `reason`. Other callers that share the answer are not affected. */
  abort(reason: unknown): void;
}
