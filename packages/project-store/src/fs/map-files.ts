import { setImmediate } from 'node:timers/promises';
import { mapConcurrent } from './map-concurrent.js';

/** Work in flight at once: enough to hide latency, few enough for any limit on open files. */
export const FILE_CONCURRENCY = 32;

/** Longest stretch without letting the rest of the process run, ms. */
const sliceMs = 5;
/** Slower than this on average, ms, means that the disk has to move: better to wait for many at once. */
const slowMs = 0.2;

export interface FileWork<Item, Result> {
  /** Does it at once, blocking. */
  now(item: Item): Result;
  /** Does the same without blocking. */
  later(item: Item): Promise<Result>;
}

/**
 * Runs file work over many items. Where files are local and in memory, which is where they nearly always are, a call
 * that blocks takes microseconds and asking another thread for it several times that; so it is done in short stretches
 * while that holds, and 32 at once otherwise.
 */
export async function mapFiles<Item, Result>(
  items: readonly Item[],
  local: boolean,
  work: FileWork<Item, Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  if (!local) return mapConcurrent(items, FILE_CONCURRENCY, work.later);
  while (results.length < items.length) {
    const from = results.length;
    const started = performance.now();
    let elapsed = 0;
    for (const item of items.slice(from, from + 512)) {
      results.push(work.now(item));
      elapsed = performance.now() - started;
      if (elapsed > sliceMs) break;
    }
    if (elapsed / (results.length - from) > slowMs) {
      const rest = items.slice(results.length);
      return [...results, ...(await mapConcurrent(rest, FILE_CONCURRENCY, work.later))];
    }
    if (results.length < items.length) await setImmediate();
  }
  return results;
}
