import type { Entry } from '@ai-toolkit/ai-client';
import type { Cache } from '@ai-toolkit/core-cache';

/** Deletes all answers, or those with a tag, and what the index of similar questions has of them, in a namespace of its own. */
export async function clearAnswers(cache: Cache<Entry>, tag?: string): Promise<void> {
  const selection = tag === undefined ? {} : { tag };
  await cache.clear(selection);
  await cache.withNamespace(`${cache.namespace}:semantic`).clear(selection);
}
