import type { Cache } from '@ai-toolkit/core-cache';
import type { AnyLimiter, Breaker } from '@ai-toolkit/rate-limit';
import type { CallRecord } from './call-record.js';
import type { CassetteOptions } from './cassettes/cassettes.js';
import type { Entry } from './entry.js';
import type { Provider } from './providers/provider.js';
import type { ModelRoute } from './routing/model-route.js';
import type { SemanticOptions } from './semantic/semantic-options.js';

export interface PipelineOptions {
  /** Default: those that the environment names, see `providersFromEnvironment`. */
  readonly providers?: readonly Provider[];
  /** Default: 64 MiB of memory, one day. A cache that is given is not closed with the pipeline. */
  readonly cache?: Cache<Entry>;
  /** Default: no limits but those that the providers' headers tell. A limiter that is given is not closed. */
  readonly limiter?: AnyLimiter;
  /** Refuses at once while a provider is down. Default: `createBreaker()`. */
  readonly breaker?: Breaker;
  /** Where the requests for a model go, when its name alone does not say it. */
  readonly routes?: readonly ModelRoute[];
  /** Further attempts after a failed one. Default 2. */
  readonly maxRetries?: number;
  /** Longest that any call may take, streams and the wait for limits included, ms; held within a twentieth. Default one hour. */
  readonly maxCallMs?: number;
  /** Longest silence of a provider, ms, before the first byte and between bytes. Default 120,000. */
  readonly idleTimeoutMs?: number;
  /**
   * How long past its lifetime an answer is kept, and given when no provider answers, ms. Default one hour; 0 never gives one.
   */
  readonly staleIfErrorMs?: number;
  /** Longest answer that is shared and stored, bytes. Default 8 MiB. */
  readonly maxEntryBytes?: number;
  /**
   * Keep requests (up to 64 KiB) beside their answers: `explain` then shows what differs, and exported cassettes hold what was
   * asked. Without, a fingerprint is kept: in which fields two requests differ, not what they say. Default false.
   */
  readonly keepRequests?: boolean;
  /**
   * Keep hashes of the fields of the last 4,096 requests that missed (8 MiB at most), and find out beside the calls, in a hundredth of the
   * time, in which fields each differs from those before it: see `misses`. No word of a request is kept. Default false.
   */
  readonly recordMisses?: boolean;
  /**
   * Where the cache has a tier that processes share (a disk, Redis): how long a call waits for another process that is asking the
   * same, ms. Its answer then comes as a stored one, whole. Default 0: each process asks for itself.
   */
  readonly coalesceWaitMs?: number;
  /** Also answers a question by the answer to another that says the same. Default: off. */
  readonly semantic?: SemanticOptions;
  /** Ask no provider: what the cache (and, if given, the cassettes) cannot answer fails with `AI_NOT_CACHED`. Default false. */
  readonly offline?: boolean;
  /** Record answers as files, and play them back. Default: none. */
  readonly cassettes?: CassetteOptions;
  /** Told of each call when it has ended. What it throws harms no call: it is an uncaught exception, as that of an event listener. */
  readonly onCall?: (record: CallRecord) => void;
}
