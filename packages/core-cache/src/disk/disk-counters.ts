import type { DiskTrees } from './disk-driver.js';
import { DiskOwners } from './disk-owners.js';
import { DiskRows, type EntryRow } from './disk-rows.js';
import {
  FIRST_PLACE,
  MAIN,
  packPlace,
  type QueuePlace,
  type Segment,
  SMALL,
  unpackPlace,
} from './queue-place.js';

const KEY = 'counters';

type Packed = [
  sequence: number,
  bytes: [number, number],
  entries: [number, number],
  sweepPlace: number,
  sweepStartedAt: number,
];

function isPacked(value: unknown): value is Packed {
  if (!Array.isArray(value) || value.length !== 5) return false;
  const [sequence, bytes, entries, sweepPlace, sweepStartedAt] = value;
  const counts: unknown[] = [sequence, sweepPlace, sweepStartedAt, ...(bytes ?? []), ...(entries ?? [])];
  return counts.length === 7 && counts.every(Number.isFinite);
}

/** The fields of an entry that are counted. */
type Counted = Pick<EntryRow, 'segment' | 'cost' | 'tags'>;

/** Totals of the file, updated in the same transactions as the entries that they count, so opening never has to scan. */
export class DiskCounters {
  #sequence: number;
  readonly #bytes: [number, number];
  readonly #entries: [number, number];
  /** Bytes per owner; undefined without an owner tag. */
  readonly owners: DiskOwners | undefined;
  /** The last place that the sweep visited. */
  sweepPlace: QueuePlace;
  /** The sequence at which the current round of the sweep began. */
  sweepStartedAt: number;

  private constructor(
    [sequence, bytes, entries, sweepPlace, sweepStartedAt]: Packed,
    owners: DiskOwners | undefined,
  ) {
    this.owners = owners;
    this.#sequence = sequence;
    this.#bytes = bytes;
    this.#entries = entries;
    this.sweepPlace = unpackPlace(sweepPlace) ?? FIRST_PLACE;
    this.sweepStartedAt = sweepStartedAt;
  }

  static load(trees: DiskTrees, ownerTag?: string): DiskCounters {
    const owners = ownerTag === undefined ? undefined : new DiskOwners(trees, ownerTag);
    const packed = trees.meta.get(KEY);
    if (isPacked(packed)) return new DiskCounters(packed, owners);
    const counters = new DiskCounters([0, [0, 0], [0, 0], packPlace(FIRST_PLACE), 0], owners);
    for (const { segment, position, cost, sequence } of new DiskRows(trees).all()) {
      counters.#count(segment, cost);
      counters.#sequence = Math.max(counters.#sequence, sequence, position);
    }
    return counters;
  }

  save(trees: DiskTrees): void {
    const sweepPlace = packPlace(this.sweepPlace);
    const packed: Packed = [this.#sequence, this.#bytes, this.#entries, sweepPlace, this.sweepStartedAt];
    trees.meta.putSync(KEY, packed);
    this.owners?.save();
  }

  get sequence(): number {
    return this.#sequence;
  }

  get bytes(): number {
    return this.#bytes[SMALL] + this.#bytes[MAIN];
  }

  get entries(): number {
    return this.#entries[SMALL] + this.#entries[MAIN];
  }

  bytesOf(segment: Segment): number {
    return this.#bytes[segment];
  }

  entriesOf(segment: Segment): number {
    return this.#entries[segment];
  }

  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** Call before the entry is written: owners that were never counted are counted from the file as it is. */
  add({ segment, cost, tags }: Counted): void {
    this.#count(segment, cost);
    this.owners?.add(tags, cost);
  }

  #count(segment: Segment, cost: number): void {
    this.#bytes[segment] += cost;
    this.#entries[segment] += 1;
  }

  /** Call before the entry is removed. */
  subtract({ segment, cost, tags }: Counted): void {
    this.owners?.subtract(tags, cost);
    this.#bytes[segment] = Math.max(0, this.#bytes[segment] - cost);
    this.#entries[segment] = Math.max(0, this.#entries[segment] - 1);
  }

  /** Zeroes the counts of a queue that turned out to be empty. */
  reset(segment: Segment): void {
    this.#bytes[segment] = 0;
    this.#entries[segment] = 0;
  }

  restartSweep(): void {
    this.sweepPlace = FIRST_PLACE;
    this.sweepStartedAt = this.#sequence;
  }
}
