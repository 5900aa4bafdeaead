import type { Cache } from '@ai-toolkit/core-cache';
import { createBreaker } from '@ai-toolkit/rate-limit';
import type { Entry } from '../entry.js';
import type { Flight } from '../flight/flight.js';
import type { Pipeline } from '../pipeline.js';
import type { FlightPlan } from '../steps/plan.js';
import type { Target } from '../steps/target.js';
import { readAsked } from './bucket.js';
import { createEmbedder } from './embedder.js';
import { loadExactSearch } from './exact-search.js';
import { checkSemanticOptions, type SemanticOptions } from './semantic-options.js';
import { SemanticSearch, type SemanticServices } from './semantic-search.js';
import { VectorIndex } from './vector-index.js';
import { VectorRecords } from './vector-records.js';

/** Finds the stored answer to another question with the same meaning. */
export interface SemanticCache {
  /** The search for one target of a flight; `undefined` if its question may only get its own answer. */
  open(flight: Flight, plan: FlightPlan, target: Target): SemanticSearch | undefined;
  /** Aborts vector requests in progress. */
  close(): void;
}

export interface SemanticSurroundings {
  readonly pipeline: Pick<Pipeline, 'exchange'>;
  readonly cache: Cache<Entry>;
  /** Whether no tier of the cache outlives the process. */
  readonly cacheIsMemory: boolean;
}

/** Timeouts after which a slow source of vectors is paused. */
const failuresToRest = 3;
const longestRestMs = 60_000;

/** Throws a `TypeError` or `RangeError` for an invalid option, or if the package `usearch` is missing. */
export function createSemanticCache(
  options: SemanticOptions,
  { pipeline, cache, cacheIsMemory }: SemanticSurroundings,
): SemanticCache {
  const checked = checkSemanticOptions(options);
  const { maxEntries, maxTextLength, timeoutMs, thresholdOf } = checked;
  const embedder = createEmbedder(checked.embed, pipeline);
  const closing = new AbortController();
  const services: SemanticServices = {
    cache,
    embedder,
    index: new VectorIndex(maxEntries, loadExactSearch()),
    ...(cacheIsMemory || embedder.name === undefined
      ? {}
      : { records: new VectorRecords(cache, maxEntries) }),
    breaker: createBreaker({ failures: failuresToRest, maxOpenMs: longestRestMs }),
    timeoutMs,
    closed: closing.signal,
  };

  function open(flight: Flight, plan: FlightPlan, target: Target): SemanticSearch | undefined {
    const { exchange } = plan;
    const threshold = thresholdOf(exchange.cache?.namespace);
    const { key, model, scope } = target;
    if (threshold === undefined || key === undefined || plan.onlyIfCached) return undefined;
    if (exchange.cache?.semantic === false) return undefined;
    const asked = readAsked(exchange, flight.adapter, target, maxTextLength);
    return asked && new SemanticSearch({ ...asked, key, model, scope, threshold }, plan, flight, services);
  }

  return { open, close: () => closing.abort(new Error('The pipeline is closed.')) };
}
