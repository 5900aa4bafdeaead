import { setImmediate } from 'node:timers/promises';
import { mapConcurrent } from './map-concurrent.js';

/** Work in flight at once: enough to hide latency, few enough for any limit on open files. */
export const FILE_CONCURRENCY = 32;

/** Longest stretch without letting the rest of the process run, ms. */
const sliceMs = 5;
/** Slower than this on average, ms, is worth waiting for many at once, if it is the disk that takes so long. */
const slowMs = 0.2;
/** So many items say something of the disk, and so many of them to one read of it say that they are not in memory. */
const enough = 64;
const itemsPerRead = 8;

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
 * @param reads how often a disk had to be read so far
 */
export async function mapFiles<Item, Result>(
  items: readonly Item[],
  local: boolean,
  work: FileWork<Item, Result>,
  reads: () => number = diskReads,
): Promise<Result[]> {
  if (!local) return mapConcurrent(items, FILE_CONCURRENCY, work.later);
  const results: Result[] = [];
  let spentMs = 0;
  let startedAt = performance.now();
  const readsBefore = reads();
  for (const item of items) {
    results.push(work.now(item));
    const sliceSoFarMs = performance.now() - startedAt;
    if (sliceSoFarMs < sliceMs) continue;
    spentMs += sliceSoFarMs;
    const isSlow = results.length >= enough && spentMs / results.length > slowMs;
    // On a busy machine everything is slow, and asking other threads for it makes it slower still.
    if (isSlow && (reads() - readsBefore) * itemsPerRead > results.length) break;
    await setImmediate();
    startedAt = performance.now();
  }
  const rest = items.slice(results.length);
  return [...results, ...(await mapConcurrent(rest, FILE_CONCURRENCY, work.later))];
}

/** How often a disk had to be read for this process, see getrusage(2). */
function diskReads(): number {
  return process.resourceUsage().fsRead;
}
