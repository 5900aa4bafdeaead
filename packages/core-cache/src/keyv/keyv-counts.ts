interface Count {
  entries: number;
  bytes: number;
}

/** Entries and bytes by namespace, counting only what this process wrote: a Keyv store cannot be asked. */
export class KeyvCounts {
  readonly #counts: Map<string, Count> = new Map();

  add(namespace: string, bytes: number): void {
    const count = this.#counts.get(namespace) ?? { entries: 0, bytes: 0 };
    this.#counts.set(namespace, count);
    count.entries += 1;
    count.bytes += bytes;
  }

  remove(namespace: string, bytes: number): void {
    const count = this.#counts.get(namespace);
    if (count === undefined) return;
    count.entries = Math.max(0, count.entries - 1);
    count.bytes = Math.max(0, count.bytes - bytes);
    if (count.entries === 0) this.#counts.delete(namespace);
  }

  clear(namespace: string): void {
    this.#counts.delete(namespace);
  }

  total(): { entries: number; bytes: number } {
    const total = { entries: 0, bytes: 0 };
    for (const { entries, bytes } of this.#counts.values()) {
      total.entries += entries;
      total.bytes += bytes;
    }
    return total;
  }
}
