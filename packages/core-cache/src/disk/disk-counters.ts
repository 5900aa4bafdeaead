import type { DiskTrees } from './disk-driver.js';
import { DiskOwners } from './disk-owners.js';
import { type IndexRow, MAIN, type Segment, SMALL, unpackRow } from './index-row.js';

const KEY = 'counters';

type Packed = [
  sequence: number,
  bytes: [number, number],
  entries: [number, number],
  sweepKey: string,
  sweepStartedAt: number,
];

function isPacked(value: unknown): value is Packed {
  if (!Array.isArray(value) || value.length !== 5) return false;
  const [sequence, bytes, entries, sweepKey, sweepStartedAt] = value;
  const counts: unknown[] = [sequence, sweepStartedAt, ...(bytes ?? []), ...(entries ?? [])];
  return counts.length === 6 && counts.every(Number.isFinite) && typeof sweepKey === 'string';
}

/** What is counted of an entry. */
type Counted = Pick<IndexRow, 'segment' | 'cost' | 'tags'>;

/** The totals of the file, kept in the same transactions as what they count: opening never has to scan. */
export class DiskCounters {
  #sequence: number;
  readonly #bytes: [number, number];
  readonly #entries: [number, number];
  /** What of them is whose, where that counts. */
  readonly owners: DiskOwners | undefined;
  /** Where the sweep stands: the last physical key that it looked at. */
  sweepKey: string;
  /** The sequence when the sweep began its current round. */
  sweepStartedAt: number;

  private constructor(
    [sequence, bytes, entries, sweepKey, sweepStartedAt]: Packed,
    owners: DiskOwners | undefined,
  ) {
    this.owners = owners;
    this.#sequence = sequence;
    this.#bytes = bytes;
    this.#entries = entries;
    this.sweepKey = sweepKey;
    this.sweepStartedAt = sweepStartedAt;
  }

  static load(trees: DiskTrees, ownerTag?: string): DiskCounters {
    const owners = ownerTag === undefined ? undefined : new DiskOwners(trees, ownerTag);
    const packed = trees.meta.get(KEY);
    if (isPacked(packed)) return new DiskCounters(packed, owners);
    const counters = new DiskCounters([0, [0, 0], [0, 0], '', 0], owners);
    for (const { value } of trees.index.getRange({})) {
      const row = unpackRow(value);
      if (row === undefined) continue;
      counters.#count(row.segment, row.cost);
      counters.#sequence = Math.max(counters.#sequence, row.sequence, row.position);
    }
    return counters;
  }

  save(trees: DiskTrees): void {
    const packed: Packed = [this.#sequence, this.#bytes, this.#entries, this.sweepKey, this.sweepStartedAt];
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

  add({ segment, cost, tags }: Counted): void {
    this.#count(segment, cost);
    this.owners?.add(tags, cost);
  }

  #count(segment: Segment, cost: number): void {
    this.#bytes[segment] += cost;
    this.#entries[segment] += 1;
  }

  subtract({ segment, cost, tags }: Counted): void {
    this.owners?.subtract(tags, cost);
    this.#bytes[segment] = Math.max(0, this.#bytes[segment] - cost);
    this.#entries[segment] = Math.max(0, this.#entries[segment] - 1);
  }

  /** The queue turned out to be empty, whatever was counted. */
  reset(segment: Segment): void {
    this.#bytes[segment] = 0;
    this.#entries[segment] = 0;
  }

  restartSweep(): void {
    this.sweepKey = '';
    this.sweepStartedAt = this.#sequence;
  }
}
