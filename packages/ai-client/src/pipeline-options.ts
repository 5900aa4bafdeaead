import type { Cache } from '@ai-toolkit/core-cache';
import type { AnyLimiter, Breaker } from '@ai-toolkit/rate-limit';
import type { CallRecord } from './call-record.js';
import type { CassetteOptions } from './cassettes/cassettes.js';
import type { Entry } from './entry.js';
import type { Provider } from './providers/provider.js';
import type { ModelRoute } from './routing/model-route.js';
import type { SemanticOptions } from './semantic/semantic-options.js';

export interface PipelineOptions {
  /** Default: the providers configured by the environment, see `providersFromEnvironment`. */
  readonly providers?: readonly Provider[];
  /** Default: 64 MiB of memory, one day. A cache that you pass is not closed with the pipeline. */
  readonly cache?: Cache<Entry>;
  /** Default: only the limits reported in the providers' headers. A limiter that you pass is not closed. */
  readonly limiter?: AnyLimiter;
  /** Fails fast while a provider is down. Default: `createBreaker()`. */
  readonly breaker?: Breaker;
  /** Where requests for a model go, if its name alone does not determine that. */
  readonly routes?: readonly ModelRoute[];
  /** Further attempts after a failed one. Default 2. */
  readonly maxRetries?: number;
  /** How long any call may take, including streaming and waiting for limits, ms, accurate to 5 %. Default one hour. */
  readonly maxCallMs?: number;
  /** Longest silence of a provider, ms, before the first byte and between bytes. Default 120,000. */
  readonly idleTimeoutMs?: number;
  /**
   * How long past its lifetime an answer is kept, to be served when no provider answers, ms. Default one hour; 0: never.
   */
  readonly staleIfErrorMs?: number;
  /** Longest answer that is stored, and longest stream that is shared, bytes. Default 8 MiB. */
  readonly maxEntryBytes?: number;
  /**
   * Store requests (up to 64 KiB) with their answers, so that `explain` can show what differs, and exported cassettes contain the request.
   * Otherwise only a fingerprint is stored, which reveals in which fields two requests differ, but not how. Default false.
   */
  readonly keepRequests?: boolean;
  /**
   * Keep hashes of the fields of the last 4,096 requests that missed (8 MiB at most), and determine in the background, with 1 % of the
   * time, in which fields each differs from earlier ones: see `misses`. Keeps none of a request's text. Default false.
   */
  readonly recordMisses?: boolean;
  /**
   * How long a call waits for another process that is making the same call, ms, if they share a cache tier (disk, Redis). The answer is
   * then served from the cache, complete. Default 0: each process asks for itself.
   */
  readonly coalesceWaitMs?: number;
  /** Also answer a question with the stored answer to a reworded one. Default: off. */
  readonly semantic?: SemanticOptions;
  /** Call no provider: whatever the cache (and the cassettes, if any) cannot answer fails with `AI_NOT_CACHED`. Default false. */
  readonly offline?: boolean;
  /** Record answers as files, and replay them. Default: none. */
  readonly cassettes?: CassetteOptions;
  /**
   * Called with a record of each call when it has ended. An exception that it throws does not affect the call; it becomes an uncaught
   * exception, as in an event listener.
   */
  readonly onCall?: (record: CallRecord) => void;
}
