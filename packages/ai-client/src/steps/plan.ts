import type { ExchangeRequest } from '../exchange.js';
import { defaultTenant } from './key.js';
import type { ReadRequest } from './read-request.js';
import type { Target } from './target.js';

/** What one flight is to fetch. */
export interface FlightPlan {
  readonly requestId: string;
  /** The request as it was handed over. */
  readonly exchange: ExchangeRequest;
  /** Who may answer, in the order in which they are asked. */
  readonly targets: readonly [Target, ...Target[]];
  /** A stored answer will do. */
  readonly read: boolean;
  /** Oldest stored answer that will do, ms. */
  readonly maxAgeMs: number | undefined;
  /** How long past its lifetime a stored answer will do when nobody answers, ms. */
  readonly staleIfErrorMs: number;
  /** Without a stored answer, fail and ask nobody. */
  readonly onlyIfCached: boolean;
  /** The caller has the beginning of an answer, and wants the rest of that one. */
  readonly resumed: boolean;
  /** The answer may be stored. */
  readonly store: boolean;
  readonly ttlMs: number | undefined;
  readonly tenant: string;
  readonly priority: number;
  /** The request as the caller wrote it. */
  readonly body: Uint8Array;
  /** Headers for the provider beside its own. */
  readonly headers: ExchangeRequest['headers'];
  /** Another target may answer: the one that is asked now is not waited for while it turns calls away with a 429. */
  readonly isHasty?: true;
  /** Longest silence of an upstream, ms, where neither the call nor the upstream sets one. */
  readonly idleTimeoutMs: number;
}

export interface PlanDefaults {
  readonly idleTimeoutMs: number;
  readonly staleIfErrorMs: number;
}

/** What a flight for this request is to fetch, and how its answer is to be kept. */
export function planFlight(
  requestId: string,
  request: ExchangeRequest,
  { targets }: ReadRequest,
  defaults: PlanDefaults,
): FlightPlan {
  const { read = true, store = true, onlyIfCached = false, maxAgeMs, ttlMs } = request.cache ?? {};
  return {
    requestId,
    exchange: request,
    targets,
    read,
    store,
    onlyIfCached: onlyIfCached || request.lastEventId !== undefined,
    resumed: request.lastEventId !== undefined,
    staleIfErrorMs: request.cache?.staleIfErrorMs ?? defaults.staleIfErrorMs,
    maxAgeMs,
    ttlMs,
    tenant: request.tenant ?? defaultTenant,
    priority: request.priority ?? 0,
    body: request.body,
    headers: request.headers,
    idleTimeoutMs: defaults.idleTimeoutMs,
  };
}
