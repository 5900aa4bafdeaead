import { ownerOf } from '../owner-of.js';
import type { DiskTrees } from './disk-driver.js';
import { DiskRows } from './disk-rows.js';

const KEY = 'owners';

type Packed = readonly (readonly [owner: string, bytes: number])[];

/** What each owner's entries take of the file, for the length of a transaction. Read when it is first asked for, kept when it changed. */
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

  /** Whether the owner of an entry has no more than an equal part, while others have. */
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

  /** A file from before owners were counted. */
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
