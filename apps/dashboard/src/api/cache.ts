import type { Surface, TokenUsage } from '@ai-toolkit/ai-client';
import type { EntrySummary as StoredEntry, TierStats } from '@ai-toolkit/core-cache';
import type { EntryPage as StoredEntryPage } from '@ai-toolkit/toolkit';
import { deleteJson, getJson, queryOf } from './client.js';

export type { Surface };

/** `/api/cache` */
export interface CacheReport {
  readonly tiers: readonly CacheTier[];
}

export interface CacheTier extends Omit<TierStats, 'maxBytes'> {
  /** Null for a tier without a bound of its own, as Redis is. */
  readonly maxBytes: number | null;
}

/** One stored answer of a list. */
export interface EntrySummary extends Omit<StoredEntry, 'expiresAt'> {
  /** Epoch, ms; null: never. */
  readonly expiresAt: number | null;
}

/** `/api/cache/entries` */
interface EntryPage extends Omit<StoredEntryPage, 'entries'> {
  readonly entries: readonly EntrySummary[];
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
  readonly usage: TokenUsage | null;
  /** What the provider took, ms. */
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
