import type { Entry } from '@ai-toolkit/ai-client';
import type { Cache, EntrySummary } from '@ai-toolkit/core-cache';

/** Filter for stored answers. Absent fields match anything. */
export interface EntrySearch {
  /** Prefix of the key. */
  readonly key?: string;
  /** Such as `model:gpt-4o-mini`, `surface:chat`, `tenant:default`; all must match. */
  readonly tags?: readonly string[];
  /** Only entries in this tier: `memory`, `disk`, … */
  readonly tier?: string;
  readonly olderThanMs?: number;
  readonly newerThanMs?: number;
  readonly minBytes?: number;
  readonly maxBytes?: number;
  /** Text in the answer, or in the request if it was stored; ignores case. */
  readonly text?: string;
  /** Include expired entries. Default: false. */
  readonly stale?: boolean;
  /** Newest or largest first. Default: `age`. */
  readonly sort?: 'age' | 'size';
  /** Default: 100. */
  readonly limit?: number;
  /** The `next` of the previous page. */
  readonly after?: string;
}

export interface EntryPage {
  readonly entries: readonly EntrySummary[];
  /** Pass as `after` for the next page; absent on the last. */
  readonly next?: string;
  /** Number of entries on all pages, and their bytes; with `text`, of all candidates. */
  readonly matched: number;
  readonly bytes: number;
}

/** Limits on the entries, and their bytes, loaded to search for a text on one page. */
const maxLoaded = 500;
const maxLoadedBytes = 64 * 1024 * 1024;

/**
 * Returns a page of stored answers. Scans all summaries, but keeps only a bounded number in memory. Fails with a
 * `RangeError` for an invalid `after`.
 */
export async function searchEntries(
  cache: Cache<Entry>,
  search: EntrySearch,
  now: number = Date.now(),
): Promise<EntryPage> {
  const { sort = 'age', limit = 100, after, stale = false, text } = search;
  const rank = (entry: EntrySummary): number => (sort === 'size' ? entry.size : entry.createdAt);
  const order = (a: EntrySummary, b: EntrySummary): number =>
    rank(b) - rank(a) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
  const begins = after === undefined ? undefined : readCursor(after);
  const most = text === undefined ? limit + 1 : maxLoaded + 1;
  let kept: EntrySummary[] = [];
  let matched = 0;
  let bytes = 0;
  for await (const entry of cache.entries({ includeStale: stale })) {
    if (entry.negative || !fits(entry, search, now)) continue;
    matched += 1;
    bytes += entry.size;
    if (begins !== undefined && !isBehind(rank(entry), entry.key, begins)) continue;
    kept.push(entry);
    // Pruned now and then, so that a large cache is never held in memory as a whole.
    if (kept.length >= 4 * most + 1000) kept = kept.sort(order).slice(0, most);
  }
  kept = kept.sort(order).slice(0, most);
  const cursor = (entry: EntrySummary | undefined): Pick<EntryPage, 'next'> =>
    entry === undefined ? {} : { next: `${rank(entry)}.${entry.key}` };
  if (text === undefined) {
    const entries = kept.slice(0, limit);
    return { entries, matched, bytes, ...(kept.length > limit ? cursor(entries.at(-1)) : {}) };
  }
  const found = await withText(cache, kept, text, limit);
  return {
    entries: found.entries,
    matched,
    bytes,
    ...(found.looked < kept.length ? cursor(kept[found.looked - 1]) : {}),
  };
}

function fits(
  { key, tags, tiers, createdAt, size }: EntrySummary,
  search: EntrySearch,
  now: number,
): boolean {
  const { olderThanMs = 0, newerThanMs = Number.POSITIVE_INFINITY } = search;
  const { minBytes = 0, maxBytes = Number.POSITIVE_INFINITY } = search;
  const ageMs = Math.max(0, now - createdAt);
  return (
    ageMs >= olderThanMs &&
    ageMs <= newerThanMs &&
    size >= minBytes &&
    size <= maxBytes &&
    key.startsWith(search.key ?? '') &&
    (search.tier === undefined || tiers.includes(search.tier)) &&
    (search.tags ?? []).every((tag) => tags.includes(tag))
  );
}

/** Checks candidates in order until the page is full or the work limit is reached. */
async function withText(
  cache: Cache<Entry>,
  candidates: readonly EntrySummary[],
  text: string,
  limit: number,
): Promise<{ readonly entries: EntrySummary[]; readonly looked: number }> {
  const entries: EntrySummary[] = [];
  const wanted = text.toLowerCase();
  let looked = 0;
  let bytes = 0;
  for (const summary of candidates.slice(0, maxLoaded)) {
    if (entries.length >= limit || bytes > maxLoadedBytes) break;
    looked += 1;
    bytes += summary.size;
    const found = await cache.inspect(summary.key);
    if (found.status !== 'hit' && found.status !== 'stale') continue;
    const { bytes: answer, request } = found.value;
    if (textOf(answer).includes(wanted) || (request !== undefined && textOf(request).includes(wanted)))
      entries.push(summary);
  }
  return { entries, looked };
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString().toLowerCase();
}

interface Cursor {
  readonly rank: number;
  readonly key: string;
}

function isBehind(rank: number, key: string, begins: Cursor): boolean {
  return rank < begins.rank || (rank === begins.rank && key > begins.key);
}

function readCursor(text: string): Cursor {
  const [, rank, key] = /^(\d{1,16}(?:\.\d{1,9})?)\.(.*)$/.exec(text) ?? [];
  if (rank === undefined || key === undefined)
    throw new RangeError(`after must be the next of a page, got ${JSON.stringify(text.slice(0, 80))}`);
  return { rank: Number(rank), key };
}
