import type { StoreEntry } from '../store.js';
import type { WriteOperation } from './write-operation.js';

const MAX_DISTRUSTED = 100_000;

type Outcome = 'written' | 'failed';
export type Clear = WriteOperation & { kind: 'clear' };

/**
 * What readers of this process must know before the file does: writes on their way are read from here, and where a write failed,
 * the file's older entry is not to be trusted any more.
 */
export class PendingWrites {
  readonly #writes: Map<string, StoreEntry<Uint8Array> | undefined> = new Map();
  readonly #clears: Set<Clear> = new Set();
  /** Clears that did not reach the file: they hold in this process, and come before whatever is written next. */
  readonly #failedClears: Set<Clear> = new Set();
  readonly #owners: Map<string, WriteOperation> = new Map();
  readonly #distrusted: Set<string> = new Set();

  /** Takes note of a write; call the result when its fate is known. */
  begin(operation: WriteOperation): (outcome: Outcome) => void {
    if (operation.kind === 'maintain') return () => {};
    return operation.kind === 'clear' ? this.#beginClear(operation) : this.#beginKey(operation);
  }

  /** Whether {@link entry} knows more than the file does. */
  covers(physical: string): boolean {
    if (this.#owners.size === 0 && this.#distrusted.size === 0) return false;
    return this.#owners.has(physical) || this.#distrusted.has(physical);
  }

  entry(physical: string): StoreEntry<Uint8Array> | undefined {
    return this.#writes.get(physical);
  }

  /** Whether a clear that concerns such an entry of the file is on its way, or has failed. */
  isClearing(namespace: string, tags: readonly string[]): boolean {
    for (const clear of this.#clears) {
      if (clear.namespace === namespace && (clear.tag === undefined || tags.includes(clear.tag))) return true;
    }
    return false;
  }

  failedClears(): readonly Clear[] {
    return [...this.#failedClears];
  }

  settleClears(clears: readonly Clear[]): void {
    for (const clear of clears) {
      this.#failedClears.delete(clear);
      this.#clears.delete(clear);
    }
  }

  #beginKey(operation: WriteOperation & { kind: 'set' | 'delete' }): (outcome: Outcome) => void {
    const { physical } = operation;
    // With `since` something newer may win, on its way already or in the file.
    const tentative = operation.kind === 'set' && operation.since !== undefined;
    const yields =
      tentative && (this.#owners.has(physical) || this.isClearing(operation.namespace, operation.entry.tags));
    if (!yields) {
      this.#owners.set(physical, operation);
      this.#writes.set(physical, operation.kind === 'set' ? operation.entry : undefined);
    }
    return (outcome) => {
      if (this.#owners.get(physical) === operation) {
        this.#owners.delete(physical);
        this.#writes.delete(physical);
      }
      if (outcome === 'written') this.#distrusted.delete(physical);
      else if (!tentative && this.#distrusted.size < MAX_DISTRUSTED) this.#distrusted.add(physical);
    };
  }

  #beginClear(operation: Clear): (outcome: Outcome) => void {
    this.#clears.add(operation);
    for (const [physical, owner] of this.#owners) {
      if (owner.kind !== 'set' || owner.namespace !== operation.namespace) continue;
      if (operation.tag !== undefined && !owner.entry.tags.includes(operation.tag)) continue;
      this.#writes.set(physical, undefined);
    }
    return (outcome) => {
      if (outcome === 'written') this.#clears.delete(operation);
      else this.#failedClears.add(operation);
    };
  }
}
