import type { StoreEntry } from '../store.js';
import type { WriteOperation } from './write-operation.js';

type Clear = WriteOperation & { kind: 'clear' };
type KeyWrite = WriteOperation & { kind: 'set' | 'delete' };

const nothingToSettle = (): void => {};

/** What readers of this process must know before the file does: writes on their way are read from here. */
export class PendingWrites {
  readonly #owners: Map<string, KeyWrite> = new Map();
  readonly #entries: Map<string, StoreEntry<Uint8Array> | undefined> = new Map();
  readonly #clears: Set<Clear> = new Set();

  /** Takes note of a write; call the result when it is in the file or has failed. */
  begin(operation: WriteOperation): () => void {
    if (operation.kind === 'clear') return this.#beginClear(operation);
    if (operation.kind === 'set' || operation.kind === 'delete') return this.#beginKey(operation);
    return nothingToSettle;
  }

  /** Whether {@link entry} knows better than the file. */
  covers(physical: string): boolean {
    return this.#owners.size > 0 && this.#owners.has(physical);
  }

  entry(physical: string): StoreEntry<Uint8Array> | undefined {
    return this.#entries.get(physical);
  }

  /** Whether a clear that concerns such an entry of the file is on its way. */
  isClearing(namespace: string, tags: readonly string[]): boolean {
    for (const clear of this.#clears) {
      if (clear.namespace === namespace && (clear.tag === undefined || tags.includes(clear.tag))) return true;
    }
    return false;
  }

  #beginKey(operation: KeyWrite): () => void {
    const { physical } = operation;
    // With `since` something newer may win, on its way already or in the file.
    const tentative = operation.kind === 'set' && operation.since !== undefined;
    const yields =
      tentative && (this.#owners.has(physical) || this.isClearing(operation.namespace, operation.entry.tags));
    if (yields) return nothingToSettle;
    this.#owners.set(physical, operation);
    this.#entries.set(physical, operation.kind === 'set' ? operation.entry : undefined);
    return () => {
      if (this.#owners.get(physical) !== operation) return;
      this.#owners.delete(physical);
      this.#entries.delete(physical);
    };
  }

  #beginClear(operation: Clear): () => void {
    this.#clears.add(operation);
    for (const [physical, owner] of this.#owners) {
      if (owner.kind !== 'set' || owner.namespace !== operation.namespace) continue;
      if (operation.tag !== undefined && !owner.entry.tags.includes(operation.tag)) continue;
      this.#entries.set(physical, undefined);
    }
    return () => {
      this.#clears.delete(operation);
    };
  }
}
