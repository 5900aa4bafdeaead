import type { StoreChanges } from '../store.js';

type Change =
  | { readonly namespace: string; readonly key: string }
  | { readonly namespace: string; readonly tag: string | undefined };

/** Most changes kept until they are read; a reader that comes later is told that some are missing. */
const MAX_KEPT = 10_000;

/** Changes made by others, kept as they are heard until the cache asks for them. Has its own numbering. */
export class ChangeLog {
  #changes: Change[] = [];
  /** Number of the first change that is still kept. */
  #start = 0;

  add(change: Change): void {
    if (this.#changes.length >= MAX_KEPT) this.forget();
    else this.#changes.push(change);
  }

  /** Call when something may have been missed. */
  forget(): void {
    this.#start += this.#changes.length + 1;
    this.#changes = [];
  }

  /** A cursor that this log never issued, such as a sequence of Redis, stands for the beginning. */
  since(cursor: number): StoreChanges {
    const end = this.#start + this.#changes.length;
    if (end === 0) return { cursor, isComplete: true, keys: [], clears: [] };
    const from = cursor <= end ? cursor : 0;
    const keys: { namespace: string; key: string }[] = [];
    const clears: { namespace: string; tag: string | undefined }[] = [];
    for (const change of this.#changes.slice(Math.max(0, from - this.#start))) {
      if ('key' in change) keys.push(change);
      else clears.push(change);
    }
    const isComplete = from >= this.#start;
    this.#changes = [];
    this.#start = end;
    return { cursor: end, isComplete, keys, clears };
  }
}
