import { loadEnd, loadStart, lookupEnd } from './channels.js';
import type { MemoryNode } from './memory/memory-node.js';
import type { SearchResult } from './searcher.js';

/** Publishes a hit in memory. Check for subscribers first. */
export function observeHit(namespace: string, node: MemoryNode<unknown>): void {
  lookupEnd.publish({ namespace, key: node.key, status: node.negative ? 'negative' : 'hit', tier: 'memory' });
}

/** Publishes the result of a search of all tiers. */
export function observeSearch(namespace: string, key: string, found: SearchResult<unknown>): void {
  if (!lookupEnd.hasSubscribers) return;
  if (found.status === 'miss') {
    lookupEnd.publish({ namespace, key, status: 'miss', reason: found.reason });
    return;
  }
  const status = found.entry.negative ? 'negative' : found.status;
  lookupEnd.publish({ namespace, key, status, tier: found.tier });
}

/** Runs a load and publishes its beginning and its end. */
export async function observeLoad<V>(namespace: string, key: string, load: () => Promise<V> | V): Promise<V> {
  if (!loadStart.hasSubscribers && !loadEnd.hasSubscribers) return load();
  if (loadStart.hasSubscribers) loadStart.publish({ namespace, key });
  const startedAt = performance.now();
  let failure: { error: unknown } | undefined;
  try {
    return await load();
  } catch (error) {
    failure = { error };
    throw error;
  } finally {
    const durationMs = performance.now() - startedAt;
    if (loadEnd.hasSubscribers) loadEnd.publish({ namespace, key, durationMs, ...failure });
  }
}
