import type { Asked } from './asked.js';

/** Most recent misses kept, and most bytes of their prints. */
const maxAsked = 4096;
const maxBytes = 8 * 1024 * 1024;
/** Per field, only the latest requests that have it are indexed, which suffices for common fields. */
const maxSharing = 8;

/**
 * Index of recent misses by their fields. The cost of a search depends only on the fields of the one request, not on the number of indexed
 * requests or stored answers.
 */
export class AskedIndex {
  readonly #byKey: Map<string, number> = new Map();
  readonly #asked: Map<number, Asked> = new Map();
  readonly #byField: Map<number, number[]> = new Map();
  #last = 0;
  #bytes = 0;

  get size(): number {
    return this.#asked.size;
  }

  find(key: string): Asked | undefined {
    const id = this.#byKey.get(key);
    return id === undefined ? undefined : this.#asked.get(id);
  }

  add(asked: Asked): void {
    const known = this.#byKey.get(asked.key);
    if (known !== undefined) this.#forget(known);
    const id = ++this.#last;
    this.#byKey.set(asked.key, id);
    this.#asked.set(id, asked);
    this.#bytes += sizeOf(asked);
    for (const field of asked.fields) {
      const sharing = this.#byField.get(field);
      if (sharing === undefined) this.#byField.set(field, [id]);
      else if (sharing.push(id) > maxSharing) sharing.shift();
    }
    while (this.#asked.size > maxAsked || (this.#bytes > maxBytes && this.#asked.size > 1)) {
      const [oldest] = this.#asked.keys();
      if (oldest === undefined) return;
      this.#forget(oldest);
    }
  }

  /** The requests that differ in the fewest fields, the latest first among equals; excludes `key` itself. */
  near(fields: Uint32Array, key: string, count: number): Asked[] {
    const ids = new Set<number>();
    for (const field of fields) for (const id of this.#byField.get(field) ?? []) ids.add(id);
    const wanted = new Set(fields);
    const found: { readonly id: number; readonly asked: Asked; readonly differing: number }[] = [];
    for (const id of ids) {
      const asked = this.#asked.get(id);
      if (asked !== undefined && asked.key !== key)
        found.push({ id, asked, differing: differing(wanted, asked.fields) });
    }
    return found
      .sort((a, b) => a.differing - b.differing || b.id - a.id)
      .slice(0, count)
      .map(({ asked }) => asked);
  }

  clear(): void {
    this.#byKey.clear();
    this.#asked.clear();
    this.#byField.clear();
    this.#bytes = 0;
  }

  #forget(id: number): void {
    const asked = this.#asked.get(id);
    if (asked === undefined) return;
    this.#asked.delete(id);
    this.#byKey.delete(asked.key);
    this.#bytes -= sizeOf(asked);
    for (const field of asked.fields) {
      const sharing = this.#byField.get(field);
      const at = sharing?.indexOf(id) ?? -1;
      if (at >= 0) sharing?.splice(at, 1);
      if (sharing?.length === 0) this.#byField.delete(field);
    }
  }
}

/** Number of fields that only one of the two has. */
function differing(wanted: ReadonlySet<number>, fields: Uint32Array): number {
  let shared = 0;
  for (const field of fields) if (wanted.has(field)) shared += 1;
  return wanted.size + fields.length - 2 * shared;
}

/** Memory per field, including its entry in the map, bytes. */
const perField = 100;

function sizeOf({ text, masks, fields }: Asked): number {
  return text.length + masks.byteLength + fields.length * perField;
}
