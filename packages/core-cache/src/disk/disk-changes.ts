import type { StoreChanges } from '../store.js';
import type { Tree } from './disk-driver.js';

type Packed = [writer: string, namespace: string, key: string | null, tag: string | null];

function isPacked(value: unknown): value is Packed {
  return Array.isArray(value) && value.length === 4 && typeof value[1] === 'string';
}

/** Sequences for which changes are kept. Who looks less often than that has missed some, and is told so. */
const KEPT = 8192;
const TRIMMED_PER_TRANSACTION = 1024;

/** A short log of what was written and cleared, so that other processes can drop what they hold in memory. */
export class DiskChanges {
  readonly #log: Tree<number, unknown>;

  constructor(log: Tree<number, unknown>) {
    this.#log = log;
  }

  /** Inside a write transaction. */
  addKey(sequence: number, writer: string, namespace: string, key: string): void {
    const packed: Packed = [writer, namespace, key, null];
    this.#log.putSync(sequence, packed);
  }

  /** Inside a write transaction. */
  addClear(sequence: number, writer: string, namespace: string, tag: string | undefined): void {
    const packed: Packed = [writer, namespace, null, tag ?? null];
    this.#log.putSync(sequence, packed);
  }

  /** Inside a write transaction. */
  trim(sequence: number): void {
    const end = sequence - KEPT;
    if (end <= 0) return;
    for (const key of Array.from(this.#log.getKeys({ end, limit: TRIMMED_PER_TRANSACTION })))
      this.#log.removeSync(key);
  }

  /** What others than `writer` did after `cursor`, up to `sequence`. */
  since(cursor: number, sequence: number, writer: string): StoreChanges {
    const keys: { namespace: string; key: string }[] = [];
    const clears: { namespace: string; tag: string | undefined }[] = [];
    // A cursor from the future is one of a file that was replaced.
    if (cursor > sequence || cursor < sequence - KEPT)
      return { cursor: sequence, isComplete: false, keys, clears };
    const range = { start: cursor, exclusiveStart: true, end: sequence, inclusiveEnd: true };
    for (const { value } of this.#log.getRange(range)) {
      if (!isPacked(value) || value[0] === writer) continue;
      const [, namespace, key, tag] = value;
      if (key === null) clears.push({ namespace, tag: tag ?? undefined });
      else keys.push({ namespace, key });
    }
    return { cursor: sequence, isComplete: true, keys, clears };
  }
}
