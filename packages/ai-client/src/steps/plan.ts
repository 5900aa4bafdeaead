import type { ExchangeRequest } from '../exchange.js';
import { defaultTenant } from './key.js';
import type { ReadRequest } from './read-request.js';
import type { Target } from './target.js';

/** What one flight is to fetch. */
export interface FlightPlan {
  readonly requestId: string;
  /** The original request. */
  readonly exchange: ExchangeRequest;
  /** Candidates, in the order in which they are asked. */
  readonly targets: readonly [Target, ...Target[]];
  /** Whether a stored answer may be used. */
  readonly read: boolean;
  /** Maximum age of an acceptable stored answer, ms. */
  readonly maxAgeMs: number | undefined;
  /** How long past its lifetime a stored answer is acceptable if no provider answers, ms. */
  readonly staleIfErrorMs: number;
  /** Whether to fail instead of asking a provider. */
  readonly onlyIfCached: boolean;
  /** Whether the caller already has the beginning of an answer and wants the rest of it. */
  readonly resumed: boolean;
  /** Whether the answer may be stored. */
  readonly store: boolean;
  readonly ttlMs: number | undefined;
  readonly tenant: string;
  readonly priority: number;
  /** The request body as the caller wrote it. */
  readonly body: Uint8Array;
  /** Headers for the provider in addition to its own. */
  readonly headers: ExchangeRequest['headers'];
  /** Set if another target may answer: a 429 is then not waited for. */
  readonly isHasty?: true;
  /** Longest silence of an upstream, ms, if neither the call nor the upstream sets one. */
  readonly idleTimeoutMs: number;
}

export interface PlanDefaults {
  readonly idleTimeoutMs: number;
  readonly staleIfErrorMs: number;
}

/** Plans the flight for a request: what to fetch and how to store it. */
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
