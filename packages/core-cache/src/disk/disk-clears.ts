import type { Tree } from './disk-driver.js';
import { fitKey } from './physical-key.js';

const NEWEST = 'newest-clear';
const PRUNED = 'pruned-clears';
const PREFIX = 'clear:';
/** Clears cached in this process; when there are more, the cache is emptied. */
const MAX_KNOWN = 10_000;
const MAX_KEPT = 256;

/**
 * Sequences at which namespaces and tags were cleared. An entry is dead if its namespace or one of its tags was cleared after it was
 * written, so a clear is one small write however many entries it covers, and every process on the file sees it.
 */
export class DiskClears {
  readonly #meta: Tree<string, unknown>;
  /** Values read from the file, valid while the newest clear is `#knownUpTo`. */
  readonly #known: Map<string, number> = new Map();
  #knownUpTo = 0;

  constructor(meta: Tree<string, unknown>) {
    this.#meta = meta;
  }

  /** Sequence of the newest clear; 0 when there was none. */
  newest(): number {
    return this.#number(NEWEST);
  }

  /** Whether the namespace or one of the tags was cleared after `sequence`. One small read in the usual case. */
  isClearedSince(namespace: string, tags: readonly string[], sequence: number): boolean {
    const newest = this.#number(NEWEST);
    if (newest <= sequence) return false;
    if (newest !== this.#knownUpTo) {
      this.#known.clear();
      this.#knownUpTo = newest;
    }
    const prefix = `${PREFIX}${namespace.length}:${namespace}`;
    if (this.#clearedAt(prefix) > sequence) return true;
    return tags.some((tag) => this.#clearedAt(`${prefix}:${tag}`) > sequence);
  }

  /** Like {@link isClearedSince}, for a sequence that may predate the clears that {@link prune} dropped. */
  isSuperseded(namespace: string, tags: readonly string[], since: number): boolean {
    return this.#number(PRUNED) > since || this.isClearedSince(namespace, tags, since);
  }

  /** Inside a write transaction. */
  write(namespace: string, tag: string | undefined, sequence: number): void {
    const prefix = `${PREFIX}${namespace.length}:${namespace}`;
    this.#meta.putSync(fitKey(tag === undefined ? prefix : `${prefix}:${tag}`), sequence);
    this.#meta.putSync(NEWEST, sequence);
    this.forget();
  }

  /** Inside a write transaction: drops clears older than every stored entry, to keep the list short. */
  prune(upTo: number): void {
    const range = { start: PREFIX, end: `${PREFIX}\uffff` };
    // A few clears cost nothing, and dropping them would keep loads in progress from being stored.
    if (Array.from(this.#meta.getKeys({ ...range, limit: MAX_KEPT })).length < MAX_KEPT) return;
    const clears = Array.from(this.#meta.getRange(range));
    const old = clears.filter(({ value }) => typeof value !== 'number' || value <= upTo);
    if (old.length === 0) return;
    for (const { key } of old) this.#meta.removeSync(key);
    this.#meta.putSync(PRUNED, upTo);
    this.forget();
  }

  /** Call when a transaction may not have taken effect. */
  forget(): void {
    this.#known.clear();
    this.#knownUpTo = 0;
  }

  #clearedAt(name: string): number {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const sequence = this.#number(fitKey(name));
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(name, sequence);
    return sequence;
  }

  #number(key: string): number {
    const value = this.#meta.get(key);
    return typeof value === 'number' ? value : 0;
  }
}
