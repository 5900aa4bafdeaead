import type { Cache, EntrySummary } from '@ai-toolkit/core-cache';
import type { Entry } from '../entry.js';
import { distance } from './compare-prints.js';
import type { Comparison } from './difference.js';
import { type FingerprintTree, readFingerprint } from './fingerprint-tree.js';

/** The stored answer with the nearest request. */
export interface NearestEntry extends Comparison {
  readonly key: string;
  /** Epoch, ms. */
  readonly createdAt: number;
  readonly tiers: readonly string[];
}

export interface NearestSearch {
  /** Absent if there is nothing to compare with. Its request has the same surface and tenant. */
  readonly entry?: NearestEntry;
  /** Number of entries compared. */
  readonly compared: number;
  /** Number of entries not compared: beyond the limits, of other tenants or surfaces, or without a fingerprint. */
  readonly passedOver: number;
}

export interface NearestBounds {
  /** Maximum number of entries to load. */
  readonly maxEntries: number;
  /** Keys of requests that are probably near: if one of their answers is near enough, no others are searched. Default: none. */
  readonly likely?: readonly string[];
  readonly signal?: AbortSignal;
}

/** The request to find the nearest entry for. */
export interface Wanted {
  readonly key?: string;
  readonly model: string;
  readonly print: FingerprintTree;
  /** Compares it with the request of an entry; `undefined` if that is not possible. */
  compare(entry: Entry): Comparison | undefined;
}

/** A likely entry with at most this many differing fields is near enough. */
const nearEnough = 3;
/** Most bytes of entries that one search loads. */
const maxLoadedBytes = 128 * 1024 * 1024;

/**
 * Searches the entries of a cache for the one whose request differs in the fewest fields: entries of the same model first, then the most
 * recent. It has to load values, so it is for diagnosis, never for the hot path.
 */
export async function findNearest(
  cache: Cache<Entry>,
  wanted: Wanted,
  { maxEntries, likely = [], signal }: NearestBounds,
): Promise<NearestSearch> {
  const known = await nearestOf(cache, wanted, likely.map(byKey), signal);
  if (known.best !== undefined && known.best.distance <= nearEnough) return told(known, known.compared);
  const { candidates, seen } = await mostRecent(cache, wanted, maxEntries, signal);
  return told(await nearestOf(cache, wanted, candidates, signal), seen);

  function told({ best, compared }: Nearest, all: number): NearestSearch {
    const passedOver = all - compared;
    const comparison = best && wanted.compare(best.entry);
    if (best === undefined || comparison === undefined) return { compared, passedOver };
    const { key, createdAt, tiers } = best;
    // The entry with the request's own key is not a candidate.
    return { entry: { key, createdAt, tiers, ...comparison, sameKey: false }, compared, passedOver };
  }
}

interface Best {
  readonly key: string;
  readonly entry: Entry;
  readonly createdAt: number;
  readonly tiers: readonly string[];
  readonly distance: number;
}

interface Nearest {
  readonly best?: Best;
  readonly compared: number;
}

/** Loads entries and returns the nearest, the first among equals. */
async function nearestOf(
  cache: Cache<Entry>,
  { key: own, print }: Wanted,
  candidates: readonly Candidate[],
  signal: AbortSignal | undefined,
): Promise<Nearest> {
  let best: Best | undefined;
  let compared = 0;
  let bytes = 0;
  for (const { key, size, tiers } of candidates) {
    bytes += size;
    if (bytes > maxLoadedBytes) break;
    signal?.throwIfAborted();
    if (key === own) continue;
    const found = await cache.inspect(key);
    if (found.status !== 'hit' && found.status !== 'stale') continue;
    const { value: entry, createdAt, tier } = found;
    const there = readFingerprint(entry.metadata.fingerprint);
    if (there === undefined || !isComparable(print, there)) continue;
    compared++;
    const fields = distance(print, there);
    if (best !== undefined && fields >= best.distance) continue;
    best = { key, entry, createdAt, tiers: tiers ?? [tier], distance: fields };
  }
  return { compared, ...(best === undefined ? {} : { best }) };
}

interface Candidate extends Pick<EntrySummary, 'key' | 'size'> {
  readonly tiers?: readonly string[];
}

/** For likely entries only the key is known; they are few, so that their size does not matter. */
function byKey(key: string): Candidate {
  return { key, size: 0 };
}

/** The entry of a key, even if expired. Inspecting does not count as use: no statistics or recency change. */
export async function read(cache: Cache<Entry>, key: string): Promise<Entry | undefined> {
  const found = await cache.inspect(key);
  return found.status === 'hit' || found.status === 'stale' ? found.value : undefined;
}

/** Nobody learns of other tenants' requests. */
function isComparable(here: FingerprintTree, there: FingerprintTree): boolean {
  return here.scope.surface === there.scope.surface && here.scope.tenant === there.scope.tenant;
}

interface Candidates {
  readonly candidates: readonly EntrySummary[];
  readonly seen: number;
}

async function mostRecent(
  cache: Cache<Entry>,
  { key, model }: Wanted,
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
    // Sorted and trimmed occasionally, so that the summaries of a large cache are never all held in memory.
    if (kept.length >= 2 * count + 1000) {
      signal?.throwIfAborted();
      kept = kept.sort(order).slice(0, count);
    }
  }
  return { candidates: kept.sort(order).slice(0, count), seen };
}
