import { randomUUID } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { createBreaker, createLimiter, createRetryBudget, type KeySnapshot } from '@ai-toolkit/rate-limit';
import type { CallRecord } from './call-record.js';
import { Cassettes } from './cassettes/cassettes.js';
import { checkPipelineOptions } from './check-pipeline-options.js';
import { createDefaultCache } from './default-cache.js';
import { AiError } from './errors.js';
import type { Exchange, ExchangeRequest, ExchangeSink } from './exchange.js';
import { explain } from './explain/explain.js';
import { explainStored } from './explain/explain-stored.js';
import type { ExplainOptions, Explanation } from './explain/explanation.js';
import type { NearestSearch } from './explain/nearest.js';
import { createFetch } from './fetch.js';
import { OpenCalls } from './flight/open-calls.js';
import { sweepOverdue } from './flight/overdue.js';
import { StoredForms } from './flight/stored-forms.js';
import { isStackOverflow, tooDeep } from './key/too-deep.js';
import type { MissReport } from './misses/miss.js';
import { MissLog } from './misses/miss-log.js';
import type { PipelineOptions } from './pipeline-options.js';
import { providersFromEnvironment } from './providers/from-environment.js';
import type { Provider } from './providers/provider.js';
import { createRouter } from './routing/router.js';
import { createSemanticCache } from './semantic/semantic-cache.js';
import { type CallStart, refusedRecord } from './steps/account.js';
import type { AskServices } from './steps/ask.js';
import { Board, lastEvent } from './steps/board.js';
import { createHurry } from './steps/commit.js';
import { type CountTokensRequest, countTokens, type TokenCount } from './steps/count-tokens.js';
import { createEndpoints } from './steps/endpoint.js';
import { EndedExchange, giveHit, readyAnswer } from './steps/give-hit.js';
import { type LimitedUpstream, limitName } from './steps/limit-name.js';
import { isFresh, type Peeked, peek } from './steps/lookup.js';
import { type ReadRequest, readRequest } from './steps/read-request.js';
import { RecentRequests } from './steps/recent-requests.js';
import { createSecondChanceCounts, type SecondChances } from './steps/second-chances.js';
import { Share } from './steps/share.js';
import { createTransport } from './steps/transport.js';
import { tell, tellError } from './tell.js';

export interface PipelineStats {
  /** Calls that have not ended. */
  readonly openCalls: number;
  /** Answers in progress that other callers may join. */
  readonly sharedFlights: number;
}

/** Handles every call to a provider. */
export interface Pipeline extends AsyncDisposable {
  /**
   * Runs one request and delivers the answer to the sink. A hit in memory is delivered before this returns; so is the error of a request
   * that cannot be read.
   */
  exchange(request: ExchangeRequest, sink: ExchangeSink): Exchange;
  /**
   * A `fetch` for SDKs: `new OpenAI({ fetch: pipeline.fetch })`. Requests to unknown endpoints are sent unchanged; offline they are
   * refused.
   */
  readonly fetch: typeof globalThis.fetch;
  readonly providers: readonly Provider[];
  /** The listener from the options, for code that answers calls outside `exchange`, as `AiClient.embed` does. */
  readonly onCall?: (record: CallRecord) => void;
  /** Whether no provider is called, because of the option or because cassettes are replayed. */
  readonly offline: boolean;
  /**
   * Explains how the cache treats a request: its key and what it is made of, whether an answer is stored, and in which fields the request
   * differs from another one, or from the nearest answered one. Calls no provider. Fails like `exchange` for a request that cannot be read,
   * and with `AI_NOT_CACHED` if no entry has the key `against`.
   */
  explain(request: ExchangeRequest, options?: ExplainOptions): Promise<Explanation>;
  /**
   * Explains in which fields the request of a stored answer differs from the nearest other one, comparing the `likely` keys first. Fails
   * with `AI_NOT_CACHED` if the answer is gone.
   */
  explainStored(key: string, likely?: readonly string[]): Promise<NearestSearch>;
  /**
   * Counts the tokens of a messages request: asks the provider that would answer it, or estimates them if it cannot count. Fails like
   * `exchange` for a request that cannot be read or that no provider can answer.
   */
  countTokens(request: CountTokensRequest): Promise<TokenCount>;
  /** Why recent calls missed; empty unless `recordMisses` is on. */
  misses(): MissReport;
  /** What retries and fallbacks achieved. */
  secondChances(): SecondChances;
  stats(): PipelineStats;
  /** The state of the limits for a provider's model; `undefined` if it was not called recently. */
  inspectLimits(upstream: LimitedUpstream): KeySnapshot | undefined;
  /** Aborts calls in progress and closes the connections. Idempotent. */
  close(): Promise<void>;
}

const defaultMemoryBytes = 64 * 1024 * 1024;
const defaultEntryBytes = 8 * 1024 * 1024;
const defaultIdleTimeoutMs = 120_000;
const defaultStaleIfErrorMs = 60 * 60 * 1000;
const defaultMaxCallMs = 60 * 60 * 1000;

/** Published when a call begins: `{ requestId, exchange }`. The end of a call is reported by its record. */
const callStarted = channel('ai-client:call:start');

/**
 * Creates a pipeline; without options it is configured by the environment, with an in-memory cache. Throws a `TypeError` or `RangeError`
 * that names the first invalid option.
 */
export function createPipeline(options: PipelineOptions = {}): Pipeline {
  checkPipelineOptions(options);
  const cache = options.cache ?? createDefaultCache('answers', defaultMemoryBytes);
  const limiter = options.limiter ?? createLimiter();
  const transport = createTransport();
  const providers = options.providers ?? providersFromEnvironment(process.env);
  const { staleIfErrorMs = defaultStaleIfErrorMs } = options;
  const cassettes = options.cassettes === undefined ? undefined : new Cassettes(options.cassettes);
  const offline = options.offline === true || cassettes?.mode === 'replay';
  const { tiers } = cache.stats();
  const cacheIsMemory = tiers.every(({ name }) => name === 'memory');
  const semantic =
    options.semantic &&
    createSemanticCache(options.semantic, { pipeline: { exchange }, cache, cacheIsMemory });
  const misses = options.recordMisses === true ? new MissLog() : undefined;
  const services: AskServices = {
    cache,
    staleIfErrorMs,
    isHurried: createHurry(tiers, cassettes),
    ...(semantic === undefined ? {} : { semantic }),
    limiter,
    breaker: options.breaker ?? createBreaker(),
    transport,
    endpoint: createEndpoints(),
    maxRetries: options.maxRetries ?? 2,
    retryBudget: createRetryBudget(),
    habits: new Map(),
    offline,
    keepRequests: options.keepRequests ?? false,
    coalesceWaitMs: options.coalesceWaitMs ?? 0,
    ...(cassettes === undefined ? {} : { cassettes }),
    secondChances: createSecondChanceCounts(),
    ...(misses === undefined ? {} : { misses }),
  };
  const { maxEntryBytes = defaultEntryBytes, onCall } = options;
  const defaults = { idleTimeoutMs: options.idleTimeoutMs ?? defaultIdleTimeoutMs, staleIfErrorMs };
  const router = createRouter(providers, options.routes ?? []);
  const share = new Share();
  const recent = new RecentRequests();
  const forms = new StoredForms();
  const openCalls = new OpenCalls();
  const board = new Board({ cache, share, forms, openCalls, services, defaults, maxEntryBytes, onCall });
  const endOverdue = sweepOverdue(openCalls, options.maxCallMs ?? defaultMaxCallMs);
  let closed: Promise<void> | undefined;

  function exchange(request: ExchangeRequest, sink: ExchangeSink): Exchange {
    if (typeof (sink as Partial<ExchangeSink> | undefined)?.onError !== 'function')
      throw new TypeError('exchange needs a sink, with onHead, onData, onEnd and onError');
    const requestId = request.requestId ?? randomUUID();
    const start: CallStart = { requestId, startedAt: Date.now(), startedOn: performance.now() };
    if (callStarted.hasSubscribers) callStarted.publish({ requestId, exchange: request });
    let known: ReadRequest | undefined;
    let read: ReadRequest | undefined;
    try {
      request.signal?.throwIfAborted();
      if (closed !== undefined) throw closedError();
      known = recent.find(request);
      read = known ?? readRequest(request, router);
      lastEvent(request);
    } catch (thrown) {
      const error = isStackOverflow(thrown) ? tooDeep() : thrown;
      tell(request.onCall ?? onCall, refusedRecord(start, request, read, error));
      const facts = {
        requestId,
        provider: 'none',
        model: 'unknown',
        cache: 'bypass',
        attempts: 0,
        upstreamMs: 0,
      } as const;
      tellError(sink, error, facts);
      return new EndedExchange(requestId);
    }
    const peeked = peekAtOnce(request, read);
    const ready = isFresh(peeked) ? readyAnswer(request, read, peeked, forms) : undefined;
    if (ready !== undefined) {
      if (known === undefined) recent.keep(request, read);
      giveHit(start, request, read, ready, sink, request.onCall ?? onCall);
      return new EndedExchange(requestId);
    }
    const call = board.enter(start, request, read, sink, peeked);
    if (call.delivery.outcome === 'hit' && known === undefined) recent.keep(request, read);
    return call;
  }

  /** Peeks at the cache, unless the answer is in flight or cassettes have precedence. */
  function peekAtOnce({ cache: directives, lastEventId }: ExchangeRequest, { targets }: ReadRequest): Peeked {
    const { key } = targets[0];
    if (key === undefined || directives?.read === false) return undefined;
    if (lastEventId !== undefined || cassettes !== undefined || share.find(key) !== undefined)
      return undefined;
    return peek(cache, key, directives?.maxAgeMs);
  }

  function close(): Promise<void> {
    closed ??= (async () => {
      endOverdue();
      semantic?.close();
      misses?.close();
      for (const call of [...openCalls]) call.abort(closedError());
      await transport.close();
      await cassettes?.close();
      if (options.cache === undefined) await cache.close();
      if (options.limiter === undefined) limiter.close();
    })();
    return closed;
  }

  return {
    exchange,
    fetch: createFetch(exchange, providers, offline),
    providers,
    ...(onCall === undefined ? {} : { onCall }),
    offline,
    explain: (request, explainOptions) =>
      explain(cache, router, request, { ...explainOptions, likely: misses?.likely }),
    explainStored: (key, likely) =>
      explainStored(cache, key, new Set([...(likely ?? []), ...(misses?.likelyOf(key) ?? [])])),
    countTokens: async (request) => {
      if (closed !== undefined) throw closedError();
      return countTokens(request, { router, endpoint: services.endpoint, transport, offline });
    },
    inspectLimits: ({ provider, model }) => limiter.inspect(limitName(provider, model)),
    misses: () => misses?.report() ?? { enabled: false, misses: [], waiting: 0, passedOver: 0 },
    stats: () => ({ openCalls: openCalls.size, sharedFlights: share.size }),
    secondChances: () => ({ ...services.secondChances }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function closedError(): AiError {
  return new AiError('AI_CLOSED', 'The pipeline is closed.', { hint: 'Create a new one.' });
}
