import { ownerOf } from '../owner-of.js';
import type { DiskTrees } from './disk-driver.js';
import { DiskRows } from './disk-rows.js';

const KEY = 'owners';

type Packed = readonly (readonly [owner: string, bytes: number])[];

/** Bytes of the file per owner, for the length of one transaction. Loaded on first use, saved if changed. */
export class DiskOwners {
  readonly #trees: DiskTrees;
  readonly #ownerTag: string;
  #bytes: Map<string, number> | undefined;
  #total = 0;
  #changed = false;

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
    const owners = this.#load();
    return owners.size > 1 && (owners.get(ownerOf(tags, this.#ownerTag)) ?? 0) * owners.size <= this.#total;
  }

  save(): void {
    if (this.#changed && this.#bytes !== undefined) this.#trees.meta.putSync(KEY, [...this.#bytes]);
  }

  #change(owner: string, cost: number): void {
    const owners = this.#load();
    const before = owners.get(owner) ?? 0;
    const after = Math.max(0, before + cost);
    this.#total += after - before;
    this.#changed = true;
    if (after === 0) owners.delete(owner);
    else owners.set(owner, after);
  }

  #load(): Map<string, number> {
    if (this.#bytes !== undefined) return this.#bytes;
    const packed = this.#trees.meta.get(KEY);
    this.#bytes = isPacked(packed) ? new Map(packed) : this.#count();
    for (const bytes of this.#bytes.values()) this.#total += bytes;
    return this.#bytes;
  }

  /** Counts the owners in a file from before they were tracked. */
  #count(): Map<string, number> {
    const owners = new Map<string, number>();
    for (const { tags, cost } of new DiskRows(this.#trees).all()) {
      const owner = ownerOf(tags, this.#ownerTag);
      owners.set(owner, (owners.get(owner) ?? 0) + cost);
    }
    this.#changed = true;
    return owners;
  }
}

function isPacked(value: unknown): value is Packed {
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && typeof pair[0] === 'string' && pair[1] > 0)
  );
}
