import type { Cache, EntrySummary } from '@ai-toolkit/core-cache';
import type { Entry } from '../entry.js';
import { distance } from './compare-prints.js';
import type { Comparison } from './difference.js';
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
  /** Keys of requests that are likely to be near: when one of their answers is, no others are looked through. Default: none. */
  readonly likely?: readonly string[];
  readonly signal?: AbortSignal;
}

/** What the nearest one is looked for to. */
export interface Wanted {
  readonly key?: string;
  readonly model: string;
  readonly print: FingerprintTree;
  /** In what it differs from the request of an entry; `undefined` where that cannot be told. */
  compare(entry: Entry): Comparison | undefined;
}

/** A likely entry that differs in no more fields is near enough. */
const nearEnough = 3;
/** Most bytes of entries that one search loads. */
const maxLoadedBytes = 128 * 1024 * 1024;

/**
 * Looks through the entries of a cache for the one whose request differs in the fewest fields: those of the same model first,
 * then the most recent. Values have to be loaded for it, so it is for diagnosis, never for the way of a request.
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
    // The entry of the request's own key is no candidate.
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

/** The nearest of some entries, the first of equals; they are loaded for it. */
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

/** Of a likely one only the key is known; there are few of them. */
function byKey(key: string): Candidate {
  return { key, size: 0 };
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
    // Sorted now and then, so that a large cache is never held as a whole.
    if (kept.length >= 2 * count + 1000) {
      signal?.throwIfAborted();
      kept = kept.sort(order).slice(0, count);
    }
  }
  return { candidates: kept.sort(order).slice(0, count), seen };
}
