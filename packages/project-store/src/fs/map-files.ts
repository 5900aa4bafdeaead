import { setImmediate } from 'node:timers/promises';
import { mapConcurrent } from './map-concurrent.js';

/** Operations in flight: enough to hide latency, well below any limit on open files. */
export const FILE_CONCURRENCY = 32;

/** Longest time spent without yielding to the event loop, ms. */
const sliceMs = 5;
/** Average time per item, ms, above which concurrent reads pay off, provided the disk is the cause. */
const slowMs = 0.2;
/** Items needed before the average says anything about the disk. Beyond one disk read per 8 items, the files are not in memory. */
const enough = 64;
const itemsPerRead = 8;

export interface FileWork<Item, Result> {
  /** Synchronous form. */
  now(item: Item): Result;
  /** Asynchronous form. */
  later(item: Item): Promise<Result>;
}

/**
 * Runs file work over many items. Local files are nearly always in the page cache, where a synchronous call takes
 * microseconds and the thread pool several times that. So the work runs synchronously in short slices while that holds,
 * and 32 at once otherwise.
 * @param reads number of disk reads this process has caused so far
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
    // On a busy machine everything is slow, and using the thread pool makes it slower still.
    if (isSlow && (reads() - readsBefore) * itemsPerRead > results.length) break;
    await setImmediate();
    startedAt = performance.now();
  }
  const rest = items.slice(results.length);
  return [...results, ...(await mapConcurrent(rest, FILE_CONCURRENCY, work.later))];
}

/** Disk reads caused by this process, see getrusage(2). */
function diskReads(): number {
  return process.resourceUsage().fsRead;
}
