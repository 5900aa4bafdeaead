import { deleteJson, getJson, queryOf } from './client.js';

/** `/api/cache` */
export interface CacheReport {
  readonly tiers: readonly CacheTier[];
}

export interface CacheTier {
  readonly name: string;
  /** `ready`, `idle`, `opening`, or what is wrong: `read-only`, `unavailable`, `closed`. */
  readonly state: string;
  /** The last failure, or repair. */
  readonly reason?: string;
  readonly entries: number;
  readonly bytes: number;
  readonly maxBytes?: number;
  readonly hits: number;
  readonly misses: number;
  readonly evictions?: number;
  /** Evicted entries that were requested again; absent if the tier cannot tell. */
  readonly returned?: number;
}

export type Surface = 'chat' | 'responses' | 'messages' | 'embeddings';

/** A stored answer in a list. */
export interface EntrySummary {
  readonly key: string;
  /** Bytes, as stored. */
  readonly size: number;
  /** Epoch, ms. */
  readonly createdAt: number;
  /** Epoch, ms; null: never. */
  readonly expiresAt: number | null;
  /** Such as `model:gpt-4o-mini`. */
  readonly tags: readonly string[];
  readonly tiers: readonly string[];
}

export interface EntryPage {
  readonly entries: readonly EntrySummary[];
  /** Value of `after` for the next page. */
  readonly next?: string;
  /** On all pages. */
  readonly matched: number;
  readonly bytes: number;
}

export interface EntrySearch {
  /** Beginning of the key. */
  readonly key?: string | undefined;
  readonly model?: string | undefined;
  readonly surface?: string | undefined;
  readonly tenant?: string | undefined;
  readonly tag?: string | undefined;
  readonly tier?: string | undefined;
  readonly text?: string | undefined;
  /** `24h` */
  readonly newerThan?: string | undefined;
  readonly olderThan?: string | undefined;
  readonly stale?: boolean | undefined;
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

/** `/api/cache/entries/{key}` */
export interface StoredAnswer {
  readonly key: string;
  readonly status: 'hit' | 'stale';
  readonly tier: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly ageMs: number;
  readonly size: number;
  /** `stream`: the answer is the events as they came. */
  readonly shape: 'stream' | 'body';
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number } | null;
  /** How long the provider took, ms. */
  readonly upstreamMs: number;
  /** Null if requests are not kept. */
  readonly request: string | null;
  readonly answer: string;
}

export function fetchCache(signal: AbortSignal): Promise<CacheReport> {
  return getJson<CacheReport>('api/cache', { signal });
}

/** A text search loads answers, which may take a while. */
const searchTimeoutMs = 60_000;

export function fetchEntries(search: EntrySearch, signal: AbortSignal): Promise<EntryPage> {
  return getJson<EntryPage>(`api/cache/entries${queryOf({ ...search })}`, {
    signal,
    timeoutMs: searchTimeoutMs,
  });
}

export function fetchEntry(key: string, signal: AbortSignal): Promise<StoredAnswer> {
  return getJson<StoredAnswer>(`api/cache/entries/${encodeURIComponent(key)}`, { signal });
}

export async function deleteEntry(key: string): Promise<void> {
  await deleteJson(`api/cache/entries/${encodeURIComponent(key)}`);
}

/** Deletes all answers with a tag, or all answers if it is null. */
export async function forgetEntries(tag: string | null): Promise<void> {
  await deleteJson(`api/cache/entries${queryOf({ tag: tag ?? undefined })}`);
}
