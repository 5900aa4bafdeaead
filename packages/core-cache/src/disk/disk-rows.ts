import type { DiskCounters } from './disk-counters.js';
import type { DiskTrees, TreeRange } from './disk-driver.js';
import { costOf } from './entry-cost.js';
import { indexKey } from './index-key.js';
import { MAIN, packPlace, type QueuePlace, type Segment, SMALL, unpackPlace } from './queue-place.js';
import { headBytesOf, payloadBytesOf, type RecordHead, readHead } from './record.js';
import { hasParts, RecordLog } from './record-log.js';

/** Without snapshots, another process may move an entry between the lookup of its place and the read there. */
const LOOKS = 2;

/** A stored entry without its value. */
export interface EntryRow extends RecordHead, QueuePlace {
  /** Bytes that it takes in the file, estimated by {@link costOf}. */
  readonly cost: number;
  readonly hasParts: boolean;
}

/** A place in a queue; `entry` is undefined if it cannot be read. */
export interface Found {
  readonly place: QueuePlace;
  readonly entry: EntryRow | undefined;
}

/** The records in the two queues of the eviction policy and the index of their places, kept in step. */
export class DiskRows {
  readonly #index: DiskTrees['index'];
  readonly #logs: readonly [small: RecordLog, main: RecordLog];

  constructor(trees: DiskTrees) {
    this.#index = trees.index;
    this.#logs = [new RecordLog(trees.small, trees), new RecordLog(trees.main, trees)];
  }

  /** The whole record, unchecked. It may belong to another key: see {@link indexKey}. */
  record(namespace: string, key: string): Buffer | undefined {
    const slot = indexKey(namespace, key);
    for (let look = 0; look < LOOKS; look += 1) {
      const place = unpackPlace(this.#index.get(slot));
      if (place === undefined) return undefined;
      const record = this.#logs[place.segment].get(place.position);
      if (record !== undefined) return record;
    }
    return undefined;
  }

  /** The entry in the slot of a key. It may belong to another key: see {@link indexKey}. */
  inSlot(slot: number): EntryRow | undefined {
    const place = unpackPlace(this.#index.get(slot));
    return place && this.#at(place, slot);
  }

  /** Entries by slot; undefined where one cannot be read. */
  inRange(range: TreeRange<number>): { readonly slot: number; readonly entry: EntryRow | undefined }[] {
    return Array.from(this.#index.getRange(range)).map(({ key: slot, value }) => {
      const place = unpackPlace(value);
      return { slot, entry: place && this.#at(place, slot) };
    });
  }

  /** The first places of a queue, or the first after a position. */
  oldest(segment: Segment, limit: number, after = 0): Found[] {
    const range = { start: after, exclusiveStart: true, limit };
    return Array.from(this.#logs[segment].heads(range), ({ position, head }) => {
      const place = { segment, position };
      return { place, entry: entryIn(place, head) };
    });
  }

  /** The places after another, small queue first. */
  after({ segment, position }: QueuePlace, limit: number): Found[] {
    const found = this.oldest(segment, limit, position);
    if (segment === MAIN || found.length === limit) return found;
    return [...found, ...this.oldest(MAIN, limit - found.length)];
  }

  /** Every entry that can be read. */
  *all(): Iterable<EntryRow> {
    for (const segment of [SMALL, MAIN] as const) {
      for (const { position, head } of this.#logs[segment].heads({})) {
        const entry = entryIn({ segment, position }, head);
        if (entry !== undefined) yield entry;
      }
    }
  }

  /** Inside a write transaction, like all methods below. Assigns a free slot to a record about to be appended; false if it is taken. */
  claim(slot: number, place: QueuePlace): boolean {
    return this.#index.putSync(slot, packPlace(place), { noOverwrite: true }) !== false;
  }

  /** The place must be the last of its queue, and the slot must point to it. */
  append(place: QueuePlace, record: Buffer): void {
    this.#logs[place.segment].append(place.position, record);
  }

  /** Moves the entry to the end of the main queue. */
  keep(entry: EntryRow, counters: DiskCounters): void {
    const place = { segment: MAIN, position: counters.nextSequence() } as const;
    counters.subtract(entry);
    counters.add({ ...entry, ...place });
    this.#logs[MAIN].appendFrom(this.#logs[entry.segment], entry.position, place.position);
    this.#index.putSync(indexKey(entry.namespace, entry.key), packPlace(place));
  }

  remove(entry: EntryRow, counters: DiskCounters): void {
    counters.subtract(entry);
    this.#logs[entry.segment].remove(entry.position, entry.hasParts ? entry.sequence : undefined);
    this.#index.removeSync(indexKey(entry.namespace, entry.key));
  }

  /** Empties a place whose record cannot be read. */
  drop({ segment, position }: QueuePlace): void {
    this.#logs[segment].remove(position, undefined);
  }

  /** Empties a slot and the place that it points to, without reading the record. Returns whether it pointed anywhere. */
  forget(slot: number): boolean {
    const place = unpackPlace(this.#index.get(slot));
    if (place !== undefined) this.drop(place);
    return this.#index.removeSync(slot);
  }

  #at(place: QueuePlace, slot: number): EntryRow | undefined {
    const head = this.#logs[place.segment].head(place.position);
    const entry = head && entryIn(place, head);
    // A damaged head may name another key.
    return entry && indexKey(entry.namespace, entry.key) === slot ? entry : undefined;
  }
}

/** `record`: the whole record, or a leading part that contains its head. */
function entryIn(place: QueuePlace, record: Buffer): EntryRow | undefined {
  const head = readHead(record);
  const cost = costOf(headBytesOf(record) + payloadBytesOf(record));
  return head && { ...head, ...place, cost, hasParts: hasParts(record) };
}
