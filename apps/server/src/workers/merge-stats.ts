import type { CacheStats } from '@ai-toolkit/core-cache';
import { type CircuitSnapshot, type KeySnapshot, type Pressure, sumWaits } from '@ai-toolkit/rate-limit';
import { type EffectivenessSample, mergeSamples } from '@ai-toolkit/toolkit';
import { latest } from '../latest.js';
import type { LimitsView } from '../overview.js';

type Tier = CacheStats['tiers'][number];

/** Each worker has a memory tier of its own; all other tiers are shared. */
const ownTier = 'memory';

/** Merges the cache statistics of several workers. */
export function mergeCacheStats(all: readonly CacheStats[]): CacheStats {
  const tiers = new Map<string, Tier>();
  for (const tier of all.flatMap((stats) => stats.tiers)) {
    const before = tiers.get(tier.name);
    tiers.set(tier.name, before === undefined ? tier : mergeTiers(before, tier));
  }
  const total = (count: (stats: CacheStats) => number): number => sum(all.map(count));
  return {
    tiers: [...tiers.values()],
    hits: total(({ hits }) => hits),
    misses: total(({ misses }) => misses),
    loads: total(({ loads }) => loads),
    loadErrors: total(({ loadErrors }) => loadErrors),
    coalesced: total(({ coalesced }) => coalesced),
    staleServes: total(({ staleServes }) => staleServes),
    missed: {
      absent: total(({ missed }) => missed.absent),
      expired: total(({ missed }) => missed.expired),
      stale: total(({ missed }) => missed.stale),
      corrupt: total(({ missed }) => missed.corrupt),
      unavailable: total(({ missed }) => missed.unavailable),
    },
  };
}

function mergeTiers(a: Tier, b: Tier): Tier {
  const size = a.name === ownTier ? (x: number, y: number) => x + y : Math.max;
  const worse = b.state !== 'ready' && a.state === 'ready' ? b : a;
  return {
    ...worse,
    hits: a.hits + b.hits,
    misses: a.misses + b.misses,
    sets: a.sets + b.sets,
    deletes: a.deletes + b.deletes,
    errors: a.errors + b.errors,
    evictions: a.evictions + b.evictions,
    ...sumOfBoth('returned', a, b),
    ...sumOfBoth('unread', a, b),
    corrupt: a.corrupt + b.corrupt,
    entries: size(a.entries, b.entries),
    bytes: size(a.bytes, b.bytes),
    maxBytes: size(a.maxBytes, b.maxBytes),
  };
}

/** The sum of an optional count; absent if both lack it. */
function sumOfBoth(
  name: 'returned' | 'unread',
  a: Tier,
  b: Tier,
): Partial<Pick<Tier, 'returned' | 'unread'>> {
  const [one, other] = [a[name], b[name]];
  return one === undefined && other === undefined ? {} : { [name]: (one ?? 0) + (other ?? 0) };
}

/** What the layers of several workers have saved together. `samples` has at least that of the worker asked. */
export function mergeEffectiveness(samples: readonly EffectivenessSample[]): EffectivenessSample {
  const [first, ...others] = samples;
  if (first === undefined) throw new RangeError('samples must not be empty');
  return mergeSamples([first, ...others], mergeCacheStats(samples.map(({ cache }) => cache)));
}

/** Merges the limits and circuits of several workers. Limits are shared, so each worker's view is the same, or older. */
export function mergeLimits(all: readonly LimitsView[]): LimitsView {
  // Report the worst state: if one worker counts on its own, the limits do not hold as shown.
  const store = all.map((view) => view.store).find((state) => state !== undefined && state !== 'ready');
  const known = store ?? all.find((view) => view.store !== undefined)?.store;
  return {
    keys: mergeByName(
      all.map(({ keys }) => keys),
      mergeKeys,
    ),
    gatewayKeys: mergeByName(
      all.map(({ gatewayKeys }) => gatewayKeys),
      mergeKeys,
    ),
    circuits: mergeByName(
      all.map(({ circuits }) => circuits),
      mergeCircuits,
    ),
    history: {
      limits: latest(all.flatMap(({ history }) => history.limits)),
      circuits: latest(all.flatMap(({ history }) => history.circuits)),
    },
    ...(known === undefined ? {} : { store: known }),
  };
}

function mergeByName<T>(
  all: readonly Readonly<Record<string, T>>[],
  merge: (a: T, b: T) => T,
): Record<string, T> {
  const merged = new Map<string, T>();
  for (const [name, value] of all.flatMap((named) => Object.entries(named))) {
    const before = merged.get(name);
    merged.set(name, before === undefined ? value : merge(before, value));
  }
  return Object.fromEntries(merged);
}

function mergeCircuits(a: CircuitSnapshot, b: CircuitSnapshot): CircuitSnapshot {
  const worse = openness[b.state] > openness[a.state] ? b : a;
  return { ...worse, openings: a.openings + b.openings };
}

const openness = { closed: 0, 'half-open': 1, open: 2 } as const;
const pressures: readonly Pressure[] = ['none', 'queueing', 'shedding', 'refusing'];

function mergeKeys(a: KeySnapshot, b: KeySnapshot): KeySnapshot {
  const limits = { ...a.limits };
  for (const [name, limit] of Object.entries(b.limits) as [
    keyof typeof limits,
    (typeof limits)[keyof typeof limits],
  ][]) {
    const before = limits[name];
    if (limit !== undefined && (before === undefined || limit.left < before.left)) limits[name] = limit;
  }
  const worse = pressures.indexOf(b.pressure) > pressures.indexOf(a.pressure) ? b : a;
  return {
    limits,
    learned: a.learned || b.learned,
    concurrency: { ...a.concurrency, used: Math.max(a.concurrency.used, b.concurrency.used) },
    queue: {
      depth: a.queue.depth + b.queue.depth,
      tenants: Math.max(a.queue.tenants, b.queue.tenants),
      expectedWaitMs: Math.max(a.queue.expectedWaitMs, b.queue.expectedWaitMs),
    },
    gate: a.gate.state === 'closed' ? a.gate : b.gate,
    pressure: worse.pressure,
    counts: {
      granted: a.counts.granted + b.counts.granted,
      refused: a.counts.refused + b.counts.refused,
      shed: a.counts.shed + b.counts.shed,
      rateLimited: a.counts.rateLimited + b.counts.rateLimited,
      failed: a.counts.failed + b.counts.failed,
    },
    waits: sumWaits([a.waits, b.waits]),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
