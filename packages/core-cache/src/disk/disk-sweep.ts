import type { DiskClears } from './disk-clears.js';
import type { DiskCounters } from './disk-counters.js';
import type { DiskTrees } from './disk-driver.js';
import type { DiskRows } from './disk-rows.js';
import { unpackRow } from './index-row.js';

/** Entries that another process wrote may end sooner than those that were looked at. */
const LONGEST_REST_MS = 10 * 60_000;
const STEPS_PER_OPERATION = 4;

export interface DiskSweepOptions {
  readonly trees: DiskTrees;
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
  #leftAt: string | undefined;
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
    const { trees, rows, clears, now } = this.#options;
    const time = now();
    const newestClear = clears.newest();
    if (time < this.#restsUntil && newestClear === this.#clearedAt) return;
    this.#takeUp(counters.sweepKey, newestClear);
    const limit = operations * STEPS_PER_OPERATION;
    const start = counters.sweepKey === '' ? {} : { start: counters.sweepKey, exclusiveStart: true };
    const seen = Array.from(trees.index.getRange({ ...start, limit }));
    for (const { key: physical, value } of seen) {
      counters.sweepKey = physical;
      const row = unpackRow(value);
      if (row === undefined) {
        trees.index.removeSync(physical);
        trees.records.removeSync(physical);
      } else if (row.retainUntil <= time || clears.isDead(physical, row))
        rows.remove(physical, row, counters);
      else this.#firstEnd = Math.min(this.#firstEnd, row.retainUntil);
    }
    if (seen.length < limit) {
      clears.prune(counters.sweepStartedAt);
      counters.restartSweep();
      this.#restsUntil = Math.min(this.#firstEnd, time + LONGEST_REST_MS);
    }
    this.#leftAt = counters.sweepKey;
  }

  #takeUp(sweepKey: string, newestClear: number): void {
    this.#restsUntil = Number.NEGATIVE_INFINITY;
    if (sweepKey === '') {
      this.#firstEnd = Number.POSITIVE_INFINITY;
      this.#clearedAt = newestClear;
    } else if (sweepKey !== this.#leftAt) this.#firstEnd = Number.NEGATIVE_INFINITY;
  }
}
