import type { DiskClears } from './disk-clears.js';
import type { DiskCounters } from './disk-counters.js';
import type { DiskRows, EntryRow } from './disk-rows.js';
import { packPlace, type QueuePlace } from './queue-place.js';

/** Entries that another process wrote may end sooner than those that were looked at. */
const LONGEST_REST_MS = 10 * 60_000;
const STEPS_PER_OPERATION = 4;

export interface DiskSweepOptions {
  readonly rows: DiskRows;
  readonly clears: DiskClears;
  readonly now: () => number;
}

/**
 * An endless walk through the entries, a few steps with each transaction, that drops what is past its retention or was cleared. After a
 * round it rests as long as nothing can have become so. For use inside of write transactions.
 */
export class DiskSweep {
  readonly #options: DiskSweepOptions;
  /** Where the walk was left. Another process walks on with it; of what that has seen, nothing is known here. */
  #leftAt: number | undefined;
  /** When the first of the entries seen in this round ends. */
  #firstEnd: number = Number.NEGATIVE_INFINITY;
  /** Until then nothing ends. */
  #restsUntil: number = Number.NEGATIVE_INFINITY;
  /** The newest clear that the last round knew of, or this one when it began. */
  #clearedAt = 0;

  constructor(options: DiskSweepOptions) {
    this.#options = options;
  }

  /** An entry comes in. */
  noteEnd(retainUntil: number): void {
    this.#firstEnd = Math.min(this.#firstEnd, retainUntil);
    this.#restsUntil = Math.min(this.#restsUntil, retainUntil);
  }

  /** What was done last may not have taken effect. */
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
