import type { DiskCounters } from './disk-counters.js';
import type { DiskTrees } from './disk-driver.js';
import { type IndexRow, packRow, type Segment, unpackRow } from './index-row.js';

/** A place in a queue of the eviction policy. */
export interface QueuePlace {
  readonly key: [number, number];
  readonly value: string;
}

/** Records, their rows and their places in the queues, kept in step. For use inside of write transactions. */
export class DiskRows {
  readonly #trees: DiskTrees;

  constructor(trees: DiskTrees) {
    this.#trees = trees;
  }

  get(physical: string): IndexRow | undefined {
    return unpackRow(this.#trees.index.get(physical));
  }

  /** The record itself is the caller's business. */
  insert(physical: string, row: IndexRow, counters: DiskCounters): void {
    this.#trees.index.putSync(physical, packRow(row));
    this.#trees.order.putSync([row.segment, row.position], physical);
    counters.add(row);
  }

  move(physical: string, row: IndexRow, segment: Segment, counters: DiskCounters): void {
    this.#unlink(row, counters);
    this.insert(physical, { ...row, segment, position: counters.nextSequence() }, counters);
  }

  remove(physical: string, row: IndexRow, counters: DiskCounters): void {
    this.#unlink(row, counters);
    this.#trees.records.removeSync(physical);
    this.#trees.index.removeSync(physical);
  }

  /** The first places of a queue. */
  oldest(segment: Segment, limit: number): QueuePlace[] {
    return Array.from(this.#trees.order.getRange({ start: [segment, 0], end: [segment + 1, 0], limit }));
  }

  dropPlace(place: [number, number]): void {
    this.#trees.order.removeSync(place);
  }

  #unlink(row: IndexRow, counters: DiskCounters): void {
    this.#trees.order.removeSync([row.segment, row.position]);
    counters.subtract(row);
  }
}
