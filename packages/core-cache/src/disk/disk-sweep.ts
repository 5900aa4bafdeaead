import type { DiskClears } from './disk-clears.js';
import type { DiskCounters } from './disk-counters.js';
import type { DiskRows, EntryRow } from './disk-rows.js';
import { packPlace, type QueuePlace } from './queue-place.js';

/** Another process may have written entries that end sooner than those seen here. */
const LONGEST_REST_MS = 10 * 60_000;
const STEPS_PER_OPERATION = 4;

export interface DiskSweepOptions {
  readonly rows: DiskRows;
  readonly clears: DiskClears;
  readonly now: () => number;
}

/**
 * Walks endlessly through the entries, a few steps per transaction, and drops those that are past their retention or were cleared. After
 * each round it rests until an entry ends or something is cleared. For use inside write transactions.
 */
export class DiskSweep {
  readonly #options: DiskSweepOptions;
  /** Where this process left the walk. If another process has continued it, nothing is known of the entries seen there. */
  #leftAt: number | undefined;
  /** The earliest end among the entries seen in this round. */
  #firstEnd: number = Number.NEGATIVE_INFINITY;
  /** No entry ends before this time. */
  #restsUntil: number = Number.NEGATIVE_INFINITY;
  /** The newest clear when this round, or the last one, began. */
  #clearedAt = 0;

  constructor(options: DiskSweepOptions) {
    this.#options = options;
  }

  /** Call for each entry that is written. */
  noteEnd(retainUntil: number): void {
    this.#firstEnd = Math.min(this.#firstEnd, retainUntil);
    this.#restsUntil = Math.min(this.#restsUntil, retainUntil);
  }

  /** Call when the last transaction may not have taken effect. */
  forget(): void {
    this.#leftAt = undefined;
    this.#restsUntil = Number.NEGATIVE_INFINITY;
  }

  sweep(counters: DiskCounters, operations: number): void {
    const { rows, clears, now } = this.#options;
    const time = now();
    const newestClear = clears.newest();
    if (time < this.#restsUntil && newestClear === this.#clearedAt) return;
    this.#takeUp(counters.sweepPlace, newestClear);
    const limit = operations * STEPS_PER_OPERATION;
    const seen = rows.after(counters.sweepPlace, limit);
    const isCleared = ({ namespace, tags, sequence }: EntryRow): boolean =>
      clears.isClearedSince(namespace, tags, sequence);
    for (const { place, entry } of seen) {
      counters.sweepPlace = place;
      if (entry === undefined) rows.drop(place);
      else if (entry.retainUntil <= time || isCleared(entry)) rows.remove(entry, counters);
      else this.#firstEnd = Math.min(this.#firstEnd, entry.retainUntil);
    }
    if (seen.length < limit) {
      clears.prune(counters.sweepStartedAt);
      counters.restartSweep();
      this.#restsUntil = Math.min(this.#firstEnd, time + LONGEST_REST_MS);
    }
    this.#leftAt = packPlace(counters.sweepPlace);
  }

  #takeUp(sweepPlace: QueuePlace, newestClear: number): void {
    this.#restsUntil = Number.NEGATIVE_INFINITY;
    if (sweepPlace.position === 0) {
      this.#firstEnd = Number.POSITIVE_INFINITY;
      this.#clearedAt = newestClear;
    } else if (packPlace(sweepPlace) !== this.#leftAt) this.#firstEnd = Number.NEGATIVE_INFINITY;
  }
}
