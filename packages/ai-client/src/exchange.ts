import type { CacheDirectives } from './cache-directives.js';
import type { CacheOutcome, CallRecord, TokenUsage } from './call-record.js';
import type { Provider } from './providers/provider.js';
import type { Surface } from './surface.js';

/** One request to a provider, as a face hands it to the pipeline. */
export interface ExchangeRequest {
  readonly surface: Surface;
  /** The JSON body as the caller wrote it, UTF-8. It reaches the provider byte by byte, unknown fields included. */
  readonly body: Uint8Array;
  /**
   * Headers for the provider beside its own (names in lower case), such as `anthropic-beta`. They are part of the key.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Asks this provider instead of the one that the router finds for the model. */
  readonly provider?: Provider;
  /** Who asks: tenants never share an answer. Default `default`. */
  readonly tenant?: string;
  readonly cache?: CacheDirectives;
  /** Each event of a stream gets an id, by which it can be resumed. Default false: events pass as the provider wrote them. */
  readonly eventIds?: boolean;
  /**
   * Id of the last event that the caller has of a stream that broke off: it goes on behind it, while the answer is under way or
   * stored, and fails with `AI_STREAM_GONE` when it is neither. Nobody is asked anew.
   */
  readonly lastEventId?: string;
  /** Headers `traceparent` and `tracestate` of whoever asks (https://www.w3.org/TR/trace-context/). No part of the key. */
  readonly trace?: { readonly traceparent: string; readonly tracestate?: string };
  /** Shown in errors and records. Default: a new UUID. */
  readonly requestId?: string;
  /** Bound on the whole call, ms. Default: none. */
  readonly timeoutMs?: number;
  /** Longest silence of the provider, ms. Default: that of the pipeline. */
  readonly idleTimeoutMs?: number;
  /** Higher goes first where calls wait for a provider's limits. Default 0. */
  readonly priority?: number;
  readonly signal?: AbortSignal;
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Members for the event of a stream that reports its usage, which the caller asked for: what is only known when an answer has
   * ended. Asked where the wire format has such an event, in chat completions alone. Default: the event passes as it came.
   */
  readonly noteUsage?: (
    facts: ExchangeFacts,
    usage: TokenUsage | undefined,
  ) => Readonly<Record<string, unknown>>;
  /** Told of this call when it has ended, in place of the pipeline's `onCall`. */
  readonly onCall?: (record: CallRecord) => void;
}

/** How an answer was found, or how far the call for it came. */
export interface ExchangeFacts {
  readonly requestId: string;
  /** `none` when no provider was found for the request. */
  readonly provider: string;
  /** As that provider names it; `unknown` when the request could not be read. */
  readonly model: string;
  readonly cache: CacheOutcome;
  /** Cache key in hex; absent on a bypass. */
  readonly key?: string;
  /** Attempts made at the provider: 0 when it was not asked. */
  readonly attempts: number;
  /** How long the call has waited for the provider so far, ms. What is left of its time is the pipeline's own. */
  readonly upstreamMs: number;
}

/** Status line, headers and origin of an answer. */
export interface ExchangeHead extends ExchangeFacts {
  /** HTTP status: the provider's, or 200 from the cache. */
  readonly status: number;
  /**
   * The provider's headers that concern the caller, names in lower case; from the cache, the content type alone. Made for this sink
   * alone, which may add its own.
   */
  readonly headers: Record<string, string>;
  /** The body comes as server-sent events. */
  readonly streamed: boolean;
  /** Bytes of the body of a stored answer, all of which are there to be given; absent where its events are paced. */
  readonly length?: number;
  /** What the provider reported for the answer, where that is known before its first byte is given. */
  readonly usage?: TokenUsage;
  /** Age of a stored answer, ms. */
  readonly ageMs?: number;
  /** Time until a stored answer expires, ms; absent when never. */
  readonly ttlMs?: number;
  /** Of a semantic hit: the key of the answer, which is that of another question, and the cosine of the two, up to 1. */
  readonly similar?: { readonly key: string; readonly similarity: number };
  /** What was left out or changed of the request to say it in the words of the provider: `seed=omitted, store=omitted`. */
  readonly translation?: string;
}

/** What is known when an answer has ended well. */
export interface ExchangeEnd {
  readonly usage?: TokenUsage;
}

/** Takes an answer as it comes. Exactly one of `onEnd` and `onError` is called, once, last. */
export interface ExchangeSink {
  onHead(head: ExchangeHead): void;
  /**
   * Some bytes of the body: whole events of a stream, or the whole of a body. Return false to have no more until `resume()`.
   */
  onData(bytes: Uint8Array): boolean;
  onEnd(end: ExchangeEnd): void;
  /** An `AiError`, a `LimitError`, or the reason of the aborted signal. It may come before or after the head. */
  onError(error: unknown, facts: ExchangeFacts): void;
}

/** Handle of a running exchange. */
export interface Exchange {
  readonly requestId: string;
  /** The sink can take more. */
  resume(): void;
  /** The caller has left; `onError` is called with `reason`. Others who share the call are not disturbed. */
  abort(reason: unknown): void;
}
