import type { StoreEntry } from '../store.js';
import type { WriteOperation } from './write-operation.js';

type Clear = WriteOperation & { kind: 'clear' };
type KeyWrite = WriteOperation & { kind: 'set' | 'delete' };

/** Writes and clears that are not in the file yet but that readers in this process must already see. */
export class PendingWrites {
  /** The last write of each key, by namespace, then by key: one joined key would have to be built for every lookup. */
  #writes: Map<string, Map<string, KeyWrite>> = new Map();
  readonly #clears: Set<Clear> = new Set();
  /** Writes that a later clear undoes. */
  readonly #undone: Set<KeyWrite> = new Set();

  /** Records a write until {@link end}. */
  begin(operation: WriteOperation): void {
    if (operation.kind === 'clear') this.#beginClear(operation);
    else if (operation.kind === 'set' || operation.kind === 'delete') this.#beginKey(operation);
  }

  /** Call when the writes are in the file or have failed. */
  end(operations: readonly WriteOperation[]): void {
    for (const operation of operations) {
      if (operation.kind === 'clear') this.#clears.delete(operation);
      else if (operation.kind === 'set' || operation.kind === 'delete') this.#endKey(operation);
    }
    // Start with fresh maps. When a map grows, the table it leaves behind keeps pointing to its successor and to the entries of that time.
    // Once that table is in the old generation, minor collections keep all of them, and every entry would live until the next full one.
    const writes = new Map<string, Map<string, KeyWrite>>();
    for (const [namespace, byKey] of this.#writes) if (byKey.size > 0) writes.set(namespace, new Map(byKey));
    this.#writes = writes;
  }

  /** Whether {@link entry} overrides the file. */
  covers(namespace: string, key: string): boolean {
    return this.#writes.get(namespace)?.has(key) === true;
  }

  entry(namespace: string, key: string): StoreEntry<Uint8Array> | undefined {
    const write = this.#writes.get(namespace)?.get(key);
    return write?.kind === 'set' && !this.#undone.has(write) ? write.entry : undefined;
  }

  /** Whether a pending clear covers such an entry of the file. */
  isClearing(namespace: string, tags: readonly string[]): boolean {
    for (const clear of this.#clears) {
      if (clear.namespace === namespace && (clear.tag === undefined || tags.includes(clear.tag))) return true;
    }
    return false;
  }

  #beginKey(operation: KeyWrite): void {
    const { namespace, key } = operation;
    // With `since`, something newer may win, whether pending or already in the file.
    const tentative = operation.kind === 'set' && operation.since !== undefined;
    const yields =
      tentative && (this.covers(namespace, key) || this.isClearing(namespace, operation.entry.tags));
    if (yields) return;
    const byKey = this.#writes.get(namespace);
    if (byKey === undefined) this.#writes.set(namespace, new Map([[key, operation]]));
    else byKey.set(key, operation);
  }

  #endKey(operation: KeyWrite): void {
    if (this.#undone.size > 0) this.#undone.delete(operation);
    const byKey = this.#writes.get(operation.namespace);
    if (byKey?.get(operation.key) === operation) byKey.delete(operation.key);
  }

  #beginClear(operation: Clear): void {
    this.#clears.add(operation);
    for (const write of this.#writes.get(operation.namespace)?.values() ?? []) {
      if (write.kind !== 'set') continue;
      if (operation.tag === undefined || write.entry.tags.includes(operation.tag)) this.#undone.add(write);
    }
  }
}
