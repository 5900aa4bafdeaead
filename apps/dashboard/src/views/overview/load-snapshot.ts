import { fetchCache } from '../../api/cache.js';
import { fetchCalls, fetchUsage } from '../../api/usage.js';
import { type Range, rangeStep } from './state/range.js';
import type { Snapshot } from './state/state.js';

const recentCalls = 100;

export async function loadSnapshot(range: Range, signal: AbortSignal): Promise<Snapshot> {
  const [overTime, byModel, cache, calls] = await Promise.all([
    fetchUsage(range, rangeStep[range], signal),
    fetchUsage(range, 'model', signal),
    // The view is worth showing without the cache's own figures.
    fetchCache(signal).catch(() => null),
    fetchCalls(recentCalls, signal),
  ]);
  return { range, overTime, byModel, cache, calls };
}
