import { ownerOf } from '../owner-of.js';
import type { DiskTrees } from './disk-driver.js';
import { DiskRows } from './disk-rows.js';
import { fitKey } from './physical-key.js';

const TOTALS = 'owners';
const PREFIX = 'owner:';
const AFTER_PREFIX = 'owner;';

interface Totals {
  /** How many owners have entries. */
  owners: number;
  bytes: number;
}

type Counted = readonly (readonly [owner: string, bytes: number])[];

/** Bytes of the file per owner, for the length of one transaction: a row for each owner and one for their totals. Saved if changed. */
export class DiskOwners {
  readonly #trees: DiskTrees;
  readonly #ownerTag: string;
  /** Rows read or changed in this transaction. */
  readonly #bytes: Map<string, number> = new Map();
  readonly #changed: Set<string> = new Set();
  #totals: Totals | undefined;

  constructor(trees: DiskTrees, ownerTag: string) {
    this.#trees = trees;
    this.#ownerTag = ownerTag;
  }

  add(tags: readonly string[], cost: number): void {
    this.#change(ownerOf(tags, this.#ownerTag), cost);
  }

  subtract(tags: readonly string[], cost: number): void {
    this.#change(ownerOf(tags, this.#ownerTag), -cost);
  }

  /** Whether the entry's owner holds at most an equal share and there are other owners. */
  hasNoMoreThanPart(tags: readonly string[]): boolean {
    const { owners, bytes } = this.#load();
    return owners > 1 && this.#bytesOf(ownerOf(tags, this.#ownerTag)) * owners <= bytes;
  }

  save(): void {
    if (this.#changed.size === 0) return;
    const { meta } = this.#trees;
    for (const owner of this.#changed) {
      const bytes = this.#bytesOf(owner);
      if (bytes === 0) meta.removeSync(rowOf(owner));
      else meta.putSync(rowOf(owner), bytes);
    }
    meta.putSync(TOTALS, this.#load());
  }

  #change(owner: string, cost: number): void {
    const totals = this.#load();
    const before = this.#bytesOf(owner);
    const after = Math.max(0, before + cost);
    totals.bytes += after - before;
    totals.owners += Number(after > 0) - Number(before > 0);
    this.#bytes.set(owner, after);
    this.#changed.add(owner);
  }

  #bytesOf(owner: string): number {
    const known = this.#bytes.get(owner);
    if (known !== undefined) return known;
    const stored = this.#trees.meta.get(rowOf(owner));
    const bytes = typeof stored === 'number' && stored > 0 ? stored : 0;
    this.#bytes.set(owner, bytes);
    return bytes;
  }

  #load(): Totals {
    if (this.#totals !== undefined) return this.#totals;
    const stored = this.#trees.meta.get(TOTALS);
    if (isTotals(stored)) this.#totals = stored;
    else this.#totals = this.#begin(isCounted(stored) ? stored : this.#count());
    return this.#totals;
  }

  /** For a file from before each owner had a row of its own. */
  #begin(counted: Counted): Totals {
    const { meta } = this.#trees;
    const rows = Array.from(meta.getKeys({ start: PREFIX, end: AFTER_PREFIX }));
    for (const row of rows) meta.removeSync(row);
    const totals = { owners: counted.length, bytes: 0 };
    for (const [owner, bytes] of counted) {
      totals.bytes += bytes;
      this.#bytes.set(owner, bytes);
      this.#changed.add(owner);
    }
    return totals;
  }

  /** Counts the owners in a file from before they were tracked. */
  #count(): Counted {
    const owners = new Map<string, number>();
    for (const { tags, cost } of new DiskRows(this.#trees).all()) {
      const owner = ownerOf(tags, this.#ownerTag);
      owners.set(owner, (owners.get(owner) ?? 0) + cost);
    }
    return [...owners];
  }
}

function rowOf(owner: string): string {
  return fitKey(`${PREFIX}${owner}`);
}

function isTotals(value: unknown): value is Totals {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { owners, bytes } = value as Partial<Totals>;
  return Number.isFinite(owners) && Number.isFinite(bytes);
}

/** All owners in one row, as they were kept before. */
function isCounted(value: unknown): value is Counted {
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && typeof pair[0] === 'string' && pair[1] > 0)
  );
}
