import type { StoreChanges } from '../store.js';
import type { Tree } from './disk-driver.js';

type Packed = [writer: string, namespace: string, key: string | null, tag: string | null];

function isPacked(value: unknown): value is Packed {
  return Array.isArray(value) && value.length === 4 && typeof value[1] === 'string';
}

/** Sequences for which changes are kept at most. Who looks less often than that has missed some, and is told so. */
const MOST_KEPT = 8192;
/** One for so many bytes of the bound: the log must not fill a small file. */
const BYTES_PER_CHANGE = 4096;
const TRIMMED_PER_TRANSACTION = 1024;

/** A short log of what was written and cleared, so that other processes can drop what they hold in memory. */
export class DiskChanges {
  readonly #log: Tree<number, unknown>;
  readonly #kept: number;

  /** `maxBytes`: bound on the file. */
  constructor(log: Tree<number, unknown>, maxBytes: number) {
    this.#log = log;
    this.#kept = Math.min(MOST_KEPT, Math.floor(maxBytes / BYTES_PER_CHANGE));
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
    const end = sequence - this.#kept;
    if (end <= 0) return;
    for (const key of Array.from(this.#log.getKeys({ end, limit: TRIMMED_PER_TRANSACTION })))
      this.#log.removeSync(key);
  }

  /** What others than `writer` did after `cursor`, up to `sequence`. */
  since(cursor: number, sequence: number, writer: string): StoreChanges {
    const keys: { namespace: string; key: string }[] = [];
    const clears: { namespace: string; tag: string | undefined }[] = [];
    // A cursor from the future is one of a file that was replaced.
    if (cursor > sequence || cursor < sequence - this.#kept || this.#isTrimmedSince(cursor))
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

  /** Another process may keep less. */
  #isTrimmedSince(cursor: number): boolean {
    const [first] = this.#log.getKeys({ limit: 1 });
    return first !== undefined && first > cursor + 1;
  }
}
