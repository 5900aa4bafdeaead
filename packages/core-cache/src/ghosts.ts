interface Ghost {
  readonly key: string;
  readonly namespace: string;
  older: Ghost | undefined;
  newer: Ghost | undefined;
}

/**
 * Keys of entries that were given up lately; the oldest is forgotten first. A list beside the map, since the first key of a `Map`
 * that keeps losing its first key is found by stepping over all that it has lost.
 */
export class Ghosts {
  readonly #ghosts: Map<string, Ghost> = new Map();
  #oldest: Ghost | undefined;
  #newest: Ghost | undefined;

  get isEmpty(): boolean {
    return this.#ghosts.size === 0;
  }

  add(key: string, namespace = ''): void {
    const known = this.#ghosts.get(key);
    if (known !== undefined) this.#remove(known);
    const ghost: Ghost = { key, namespace, older: this.#newest, newer: undefined };
    if (this.#newest === undefined) this.#oldest = ghost;
    else this.#newest.newer = ghost;
    this.#newest = ghost;
    this.#ghosts.set(key, ghost);
  }

  /** Forgets a key; tells whether it was remembered as one of the namespace. */
  take(key: string, namespace = ''): boolean {
    const ghost = this.#ghosts.get(key);
    if (ghost === undefined || ghost.namespace !== namespace) return false;
    this.#remove(ghost);
    return true;
  }

  /** Forgets the oldest until there are no more than `most`. */
  trim(most: number): void {
    while (this.#oldest !== undefined && this.#ghosts.size > most) this.#remove(this.#oldest);
  }

  #remove(ghost: Ghost): void {
    const { older, newer } = ghost;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    this.#ghosts.delete(ghost.key);
  }
}
