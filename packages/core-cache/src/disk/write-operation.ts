import type { StoreEntry } from '../store.js';

/** A queued write. Results and failures reach the caller through the queue. */
export type WriteOperation =
  | {
      readonly kind: 'set';
      readonly namespace: string;
      readonly key: string;
      readonly entry: StoreEntry<Uint8Array>;
      /** Estimated length of the record, in bytes. */
      readonly bytes: number;
      readonly since: number | undefined;
      readonly writer: string;
    }
  | {
      readonly kind: 'delete';
      readonly namespace: string;
      readonly key: string;
      readonly writer: string;
    }
  | {
      readonly kind: 'clear';
      readonly namespace: string;
      readonly tag: string | undefined;
      readonly writer: string;
    }
  | { readonly kind: 'lease'; readonly physical: string; readonly owner: string; readonly ttlMs: number }
  | { readonly kind: 'release'; readonly physical: string; readonly owner: string };

/** Bytes an operation holds while it waits. */
export function operationBytes(operation: WriteOperation): number {
  return operation.kind === 'set' ? operation.bytes : 0;
}
