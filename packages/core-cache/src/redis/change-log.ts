import type { StoreChanges } from '../store.js';

type Change =
  | { readonly namespace: string; readonly key: string }
  | { readonly namespace: string; readonly tag: string | undefined };

/** Changes kept for a reader who does not come; one who comes later is told that some are missing. */
const MAX_KEPT = 10_000;

/** What others did, as it was heard, until the cache asks. Counts in numbers of its own. */
export class ChangeLog {
  #changes: Change[] = [];
  /** Number of the first change that is kept. */
  #start = 0;

  add(change: Change): void {
    if (this.#changes.length >= MAX_KEPT) this.forget();
    else this.#changes.push(change);
  }

  /** Something may have happened that was not heard. */
  forget(): void {
    this.#start += this.#changes.length + 1;
    this.#changes = [];
  }

  /** A cursor that this log never gave, such as a sequence of Redis, stands for the beginning. */
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
