import type { LimitSource } from './effective-limits.js';
import type { GateReason } from './gate.js';
import type { Lane } from './lane.js';
import type { DimensionState } from './limit-setting.js';
import type { QueueBounds } from './limiter-options.js';
import { type Demand, DIMENSIONS, type Dimension } from './limits.js';
import type { StoreState } from './shared/store-health.js';
import type { Waits } from './waits.js';

/** One limit, as an operator reads it. */
export interface LimitSnapshot extends Omit<DimensionState, 'resetMs'> {
  /** When everything that can be saved up is available again; ms since the epoch. */
  readonly resetAt: number;
  readonly source: LimitSource;
}

/**
 * How far a key has degraded, step by step. `none`: nobody waits. `queueing`: callers wait. `shedding`: the queue is full, so only more
 * urgent callers get a place and the least urgent are dropped. `refusing`: newcomers are refused, as they could not be served in time.
 */
export type Pressure = 'none' | 'queueing' | 'shedding' | 'refusing';

export interface KeySnapshot {
  readonly limits: Partial<Record<Dimension, LimitSnapshot>>;
  /** Whether headers have reported any limit of this key. */
  readonly learned: boolean;
  readonly concurrency: { readonly limit?: number; readonly used: number };
  readonly queue: {
    readonly depth: number;
    readonly tenants: number;
    /** For a caller of priority 0 and average size that came now, ms. */
    readonly expectedWaitMs: number;
  };
  /** While closed, nobody is let through. `opensAt`: ms since the epoch. */
  readonly gate:
    | { readonly state: 'open' }
    | { readonly state: 'closed'; readonly reason: GateReason; readonly opensAt: number };
  readonly pressure: Pressure;
  /** Since the key was first seen. `rateLimited` and `failed` were reported by callers, the rest was decided here. */
  readonly counts: {
    readonly granted: number;
    readonly refused: number;
    readonly shed: number;
    readonly rateLimited: number;
    readonly failed: number;
  };
  /** Calls that waited and were let through, since the key was first seen. */
  readonly waits: Waits;
}

export interface LimiterSnapshot {
  readonly keys: Readonly<Record<string, KeySnapshot>>;
  /** Whether the limits are shared just now, or each process counts its share alone; absent without a store. */
  readonly store?: StoreState;
}

export function keySnapshot(lane: Lane, bounds: QueueBounds, now: number, wallNow: number): KeySnapshot {
  const average: Demand = {
    requests: 1,
    inputTokens: lane.inputEstimate.value,
    outputTokens: lane.outputEstimate.value,
  };
  const expectedWaitMs = lane.expectedWaitMs(average, 0, '', now);
  const limits: Partial<Record<Dimension, LimitSnapshot>> = {};
  const states = lane.quota.inspect(now);
  for (const dimension of DIMENSIONS) {
    const state = states[dimension];
    if (state === undefined) continue;
    const { resetMs, ...rest } = state;
    limits[dimension] = {
      ...rest,
      resetAt: Math.ceil(wallNow + resetMs),
      source: lane.limits.sourceOf(dimension),
    };
  }
  const { maxConcurrent, inFlight } = lane.quota;
  return {
    limits,
    learned: lane.learned,
    concurrency: { ...(Number.isFinite(maxConcurrent) && { limit: maxConcurrent }), used: inFlight },
    queue: { depth: lane.queue.size, tenants: lane.queue.tenants, expectedWaitMs },
    gate: lane.gate.isClosed(now)
      ? { state: 'closed', reason: 'rate-limit', opensAt: Math.ceil(wallNow + lane.gate.opensAt - now) }
      : { state: 'open' },
    pressure: pressureOf(lane.queue.size, expectedWaitMs, bounds),
    counts: { ...lane.counts },
    waits: lane.waits.snapshot(),
  };
}

function pressureOf(depth: number, expectedWaitMs: number, bounds: QueueBounds): Pressure {
  if (expectedWaitMs > bounds.maxWaitMs) return 'refusing';
  if (depth === 0) return 'none';
  return depth >= bounds.maxLength ? 'shedding' : 'queueing';
}
