import type { Cache, EntrySummary } from '@ai-toolkit/core-cache';
import type { Entry } from '../entry.js';
import type { AskedTarget, Target } from '../steps/target.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { compareEntry } from './compare-entry.js';
import { distance } from './compare-prints.js';
import type { Comparison } from './difference.js';
import { fingerprint } from './fingerprint.js';
import { type FingerprintTree, readFingerprint } from './fingerprint-tree.js';

/** The stored answer whose request is nearest to another one. */
export interface NearestEntry extends Comparison {
  readonly key: string;
  /** Epoch, ms. */
  readonly createdAt: number;
  readonly tiers: readonly string[];
}

export interface NearestSearch {
  /** Absent when there is nothing to compare with. Its request has the same surface and the same tenant. */
  readonly entry?: NearestEntry;
  /** Entries that were compared. */
  readonly compared: number;
  /** Entries that were not: beyond the bounds of the search, of others, or stored without a fingerprint. */
  readonly passedOver: number;
}

export interface NearestBounds {
  /** Most entries that are loaded. */
  readonly maxEntries: number;
  readonly signal?: AbortSignal;
}

/** Most bytes of entries that one search loads. */
const maxLoadedBytes = 128 * 1024 * 1024;

/**
 * Looks through the entries of a cache for the one whose request differs in the fewest fields: those of the same model first,
 * then the most recent. Values have to be loaded for it, so it is for diagnosis, never for the way of a request.
 */
export async function findNearest(
  cache: Cache<Entry>,
  target: AskedTarget,
  adapter: SurfaceAdapter,
  { maxEntries, signal }: NearestBounds,
): Promise<NearestSearch> {
  const print = readFingerprint(fingerprint(target, adapter));
  if (print === undefined) return { compared: 0, passedOver: 0 };
  const { candidates, seen } = await mostRecent(cache, target, maxEntries, signal);
  let best: { summary: EntrySummary; entry: Entry; distance: number } | undefined;
  let compared = 0;
  let bytes = 0;
  for (const summary of candidates) {
    bytes += summary.size;
    if (bytes > maxLoadedBytes) break;
    signal?.throwIfAborted();
    const entry = await read(cache, summary.key);
    const there = readFingerprint(entry?.metadata.fingerprint);
    if (entry === undefined || there === undefined || !isComparable(print, there)) continue;
    compared++;
    const found = distance(print, there);
    if (best === undefined || found < best.distance) best = { summary, entry, distance: found };
  }
  const passedOver = seen - compared;
  const comparison = best && compareEntry(target, adapter, print, best.entry);
  if (best === undefined || comparison === undefined) return { compared, passedOver };
  const { key, createdAt, tiers } = best.summary;
  // The entry of the request's own key is no candidate.
  return { entry: { key, createdAt, tiers, ...comparison, sameKey: false }, compared, passedOver };
}

/** The entry of a key, also when it has outlived its time. Looking at it is no use of it: nothing is counted or moved. */
export async function read(cache: Cache<Entry>, key: string): Promise<Entry | undefined> {
  const found = await cache.inspect(key);
  return found.status === 'hit' || found.status === 'stale' ? found.value : undefined;
}

/** Nobody learns what other tenants have asked. */
function isComparable(here: FingerprintTree, there: FingerprintTree): boolean {
  return here.scope.surface === there.scope.surface && here.scope.tenant === there.scope.tenant;
}

interface Candidates {
  readonly candidates: readonly EntrySummary[];
  readonly seen: number;
}

async function mostRecent(
  cache: Cache<Entry>,
  { key, model }: Target,
  count: number,
  signal: AbortSignal | undefined,
): Promise<Candidates> {
  const tag = `model:${model}`;
  const rank = ({ tags }: EntrySummary): number => (tags.includes(tag) ? 0 : 1);
  const order = (a: EntrySummary, b: EntrySummary): number => rank(a) - rank(b) || b.createdAt - a.createdAt;
  let kept: EntrySummary[] = [];
  let seen = 0;
  for await (const summary of cache.entries({ includeStale: true })) {
    if (summary.negative || summary.key === key) continue;
    seen++;
    kept.push(summary);
    // Sorted now and then, so that a large cache is never held as a whole.
    if (kept.length >= 2 * count + 1000) {
      signal?.throwIfAborted();
      kept = kept.sort(order).slice(0, count);
    }
  }
  return { candidates: kept.sort(order).slice(0, count), seen };
}
