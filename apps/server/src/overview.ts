import type { CacheStats } from '@ai-toolkit/core-cache';
import type {
  CircuitEvent,
  CircuitSnapshot,
  KeySnapshot,
  LimitEvent,
  LimiterSnapshot,
} from '@ai-toolkit/rate-limit';
import type { EffectivenessSample, Toolkit } from '@ai-toolkit/toolkit';
import type { LedgerCall, MetricFamily } from '@ai-toolkit/usage';
import { mergeMetrics, renderMetrics } from '@ai-toolkit/usage/metrics';
import { latest } from './latest.js';
import type { Answerers, Fleet } from './workers/fleet.js';
import { mergeCacheStats, mergeEffectiveness, mergeLimits } from './workers/merge-stats.js';
import type { WorkerInfo } from './workers/messages.js';

export interface LimitsView extends LimiterSnapshot {
  /** By the id of the gateway key. */
  readonly gatewayKeys: Readonly<Record<string, KeySnapshot>>;
  readonly circuits: Readonly<Record<string, CircuitSnapshot>>;
  /** Recent events, newest first: refusals by providers, waits and our own refusals; circuit changes. */
  readonly history: { readonly limits: readonly LimitEvent[]; readonly circuits: readonly CircuitEvent[] };
}

/** State of the server: of this process, or of all workers together. */
export interface Overview {
  /** In the Prometheus text format. */
  metrics(): Promise<string>;
  cache(): Promise<CacheStats>;
  limits(): Promise<LimitsView>;
  /** What each layer has saved. */
  effectiveness(): Promise<EffectivenessSample>;
  /** Writes every call that has ended to the ledger's file. */
  flush(): Promise<void>;
  /** Reports calls as they end. Returns a function that unsubscribes. */
  subscribe(listener: (call: LedgerCall) => void): Promise<() => void>;
  /** Empty if the server is a single process. */
  workers(): Promise<readonly WorkerInfo[]>;
}

/** The answers of a single process about itself. */
export function answerersOf(toolkit: Toolkit): Answerers {
  return {
    metrics: async () => (await toolkit.metrics()).sample(),
    cache: async () => (await toolkit.cache()).stats(),
    limits: () => limitsOf(toolkit),
    effectiveness: () => toolkit.effectiveness(),
    flush: async () => (await toolkit.ledger()).flush(),
  };
}

export function ownOverview(toolkit: Toolkit): Overview {
  return {
    metrics: async () => (await toolkit.metrics()).expose(),
    cache: async () => (await toolkit.cache()).stats(),
    limits: () => limitsOf(toolkit),
    effectiveness: () => toolkit.effectiveness(),
    flush: async () => (await toolkit.ledger()).flush(),
    subscribe: async (listener) => (await toolkit.ledger()).subscribe(listener),
    workers: async () => [],
  };
}

export function fleetOverview(fleet: Fleet): Overview {
  return {
    metrics: async () =>
      renderMetrics(mergeMetrics((await fleet.ask('metrics')) as readonly (readonly MetricFamily[])[])),
    cache: async () => mergeCacheStats((await fleet.ask('cache')) as readonly CacheStats[]),
    limits: async () => mergeLimits((await fleet.ask('limits')) as readonly LimitsView[]),
    effectiveness: async () =>
      mergeEffectiveness((await fleet.ask('effectiveness')) as readonly EffectivenessSample[]),
    flush: async () => void (await fleet.ask('flush')),
    subscribe: async (listener) => fleet.subscribe(listener),
    workers: () => fleet.workers(),
  };
}

async function limitsOf(toolkit: Toolkit): Promise<LimitsView> {
  const [limiter, breaker, access] = await Promise.all([
    toolkit.limiter(),
    toolkit.breaker(),
    toolkit.keyAccess(),
  ]);
  return {
    ...limiter.snapshot(),
    gatewayKeys: access.snapshot(),
    circuits: breaker.snapshot(),
    history: { limits: latest(limiter.history()), circuits: latest(breaker.history()) },
  };
}
