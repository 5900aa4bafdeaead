import type { Entry } from '@ai-toolkit/ai-client';
import type { Cache } from '@ai-toolkit/core-cache';
import { clearAnswers } from './clear-answers.js';

/** Selects the answers to delete by exactly one criterion. */
export type ClearSelection =
  | { readonly all: true }
  /** Project id, as in the labels of its calls. */
  | { readonly project: string }
  /** Namespace of the requests. */
  | { readonly namespace: string }
  /** Minimum age, ms. */
  | { readonly olderThanMs: number };

/** Deletes answers. @returns how many the selection matched */
export async function clearEntries(
  cache: Cache<Entry>,
  selection: ClearSelection,
  now: number = Date.now(),
): Promise<number> {
  if ('olderThanMs' in selection) return deleteOlder(cache, now - selection.olderThanMs);
  const tag = tagOf(selection);
  let count = 0;
  for await (const { tags } of cache.entries({ includeStale: true })) {
    if (tag === undefined || tags.includes(tag)) count += 1;
  }
  await clearAnswers(cache, tag);
  return count;
}

function tagOf(selection: Exclude<ClearSelection, { readonly olderThanMs: number }>): string | undefined {
  if ('project' in selection) return `project:${selection.project}`;
  return 'namespace' in selection ? `namespace:${selection.namespace}` : undefined;
}

async function deleteOlder(cache: Cache<Entry>, before: number): Promise<number> {
  const keys: string[] = [];
  for await (const { key, createdAt } of cache.entries({ includeStale: true })) {
    if (createdAt < before) keys.push(key);
  }
  const deleted = await Promise.all(keys.map((key) => cache.delete(key)));
  return deleted.filter(Boolean).length;
}
