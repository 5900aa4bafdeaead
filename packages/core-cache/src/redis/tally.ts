/** Counts entries and bytes by namespace, from the operations of one process. */
export class Tally {
  readonly #spaces: Map<string, { entries: number; bytes: number }> = new Map();

  get entries(): number {
    return this.#sum('entries');
  }

  get bytes(): number {
    return this.#sum('bytes');
  }

  /** `before`: bytes of the entry that was replaced, 0 for none. */
  replaced(namespace: string, before: number, after: number): void {
    const space = this.#spaces.get(namespace) ?? { entries: 0, bytes: 0 };
    this.#spaces.set(namespace, space);
    if (before === 0) space.entries += 1;
    space.bytes += after - before;
  }

  deleted(namespace: string, bytes: number): void {
    const space = this.#spaces.get(namespace);
    if (space === undefined) return;
    space.entries -= 1;
    space.bytes -= bytes;
  }

  cleared(namespace: string): void {
    this.#spaces.delete(namespace);
  }

  #sum(what: 'entries' | 'bytes'): number {
    let sum = 0;
    // Below zero if this process deleted what others stored.
    for (const space of this.#spaces.values()) sum += Math.max(0, space[what]);
    return sum;
  }
}
