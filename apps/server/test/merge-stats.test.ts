import type { CacheStats, TierStats } from '@ai-toolkit/core-cache';
import type { KeySnapshot } from '@ai-toolkit/rate-limit';
import { describe, expect, it } from 'vitest';
import type { LimitsView } from '../src/overview.js';
import { mergeCacheStats, mergeLimits } from '../src/workers/merge-stats.js';

function tier(name: string, rest: Partial<TierStats> = {}): TierStats {
  const counts = { hits: 2, misses: 3, sets: 1, deletes: 0, errors: 0, evictions: 10, corrupt: 0 };
  return { name, state: 'ready', ...counts, entries: 5, bytes: 500, maxBytes: 1000, ...rest };
}

function cache(...tiers: TierStats[]): CacheStats {
  const missed = { absent: 1, expired: 2, stale: 3, corrupt: 4, unavailable: 5 };
  return { tiers, hits: 1, misses: 15, missed, loads: 0, loadErrors: 0, coalesced: 0, staleServes: 0 };
}

const key: KeySnapshot = {
  limits: {},
  learned: false,
  concurrency: { used: 1 },
  queue: { depth: 1, tenants: 1, expectedWaitMs: 10 },
  gate: { state: 'open' },
  pressure: 'none',
  counts: { granted: 5, refused: 1, shed: 0, rateLimited: 2, failed: 0 },
  waits: { count: 2, totalMs: 30, longestMs: 20, buckets: [0, 2] },
};

function limits(at: number, count: number): LimitsView {
  return {
    keys: { k: key },
    gatewayKeys: { [`of ${at}`]: key, shared: key },
    circuits: { api: { state: at > 0 ? 'open' : 'closed', failures: 5, retryAfterMs: 1, openings: 2 } },
    history: {
      limits: Array.from({ length: count }, (_, index) => ({
        at: at + index,
        key: 'k',
        kind: 'waited' as const,
        waitedMs: 50,
      })),
      circuits: [{ at, key: 'api', state: 'open' }],
    },
  };
}

describe('the caches of several workers', () => {
  it('have their own memory, one disk, and the evictions and misses of all', () => {
    const merged = mergeCacheStats([
      cache(tier('memory', { returned: 4, unread: 1 }), tier('disk', { returned: 1 }), tier('shared')),
      cache(tier('memory', { returned: 5, unread: 2 }), tier('disk', { bytes: 700 }), tier('shared')),
    ]);
    const [memory, disk, shared] = merged.tiers;
    expect(memory).toMatchObject({ hits: 4, evictions: 20, returned: 9, unread: 3, bytes: 1000 });
    expect(disk).toMatchObject({ hits: 4, returned: 1, bytes: 700 });
    // Redis does not tell what it gave up.
    expect(shared).not.toHaveProperty('returned');
    expect(merged.missed).toEqual({ absent: 2, expired: 4, stale: 6, corrupt: 8, unavailable: 10 });
  });
});

describe('the limits of several workers', () => {
  it('have the waits of all, the worst circuit with the openings of all, and the latest events', () => {
    const merged = mergeLimits([limits(0, 80), limits(1000, 80)]);
    expect(merged.keys.k).toMatchObject({
      counts: { granted: 10, rateLimited: 4 },
      waits: { count: 4, totalMs: 60, longestMs: 20, buckets: [0, 4] },
    });
    expect(Object.keys(merged.gatewayKeys).sort()).toEqual(['of 0', 'of 1000', 'shared']);
    expect(merged.gatewayKeys.shared).toMatchObject({ counts: { granted: 10 }, queue: { depth: 2 } });
    expect(merged.circuits.api).toMatchObject({ state: 'open', openings: 4 });
    const times = merged.history.limits.map(({ at }) => at);
    expect(times).toHaveLength(100);
    expect(times[0]).toBe(1079);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(merged.history.circuits.map(({ at }) => at)).toEqual([1000, 0]);
  });
});
