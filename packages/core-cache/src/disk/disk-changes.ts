import type { StoreChanges } from '../store.js';
import type { Tree } from './disk-driver.js';

/** Keys that one writer wrote one after the other, or what it cleared. */
type Packed = [writer: string, namespace: string, keys: string[] | null, tag: string | null];

function isPacked(value: unknown): value is Packed {
  return (
    Array.isArray(value) &&
    value.length === 4 &&
    typeof value[1] === 'string' &&
    (value[2] === null || Array.isArray(value[2]))
  );
}

interface Row {
  /** Sequence of the first change in it. */
  readonly first: number;
  readonly writer: string;
  readonly namespace: string;
  /** Absent for a clear. */
  readonly keys?: string[];
  readonly tag?: string | undefined;
  /** UTF-16 units that keys may still take. */
  room: number;
}

/** Sequences for which changes are kept at most. Who looks less often than that has missed some, and is told so. */
const MOST_KEPT = 8192;
/** One for so many bytes of the bound: the log must not fill a small file. */
const BYTES_PER_CHANGE = 4096;
const TRIMMED_PER_TRANSACTION = 1024;
/** What is too many by less than this share of what is kept may stay: to look for the oldest costs more than to remove it. */
const TRIM_SHARE: number = 1 / 16;
/** UTF-16 units of the keys in one row, about: a longer row would go to pages of its own. */
const MOST_IN_ROW = 1200;

/** A short log of what was written and cleared, so that other processes can drop what they hold in memory. */
export class DiskChanges {
  readonly #log: Tree<number, unknown>;
  readonly #kept: number;
  /** Of the transaction under way. */
  #rows: Row[] = [];
  /** Sequence up to which this process has trimmed. */
  #trimmedTo = 0;

  /** `maxBytes`: bound on the file. */
  constructor(log: Tree<number, unknown>, maxBytes: number) {
    this.#log = log;
    this.#kept = Math.min(MOST_KEPT, Math.floor(maxBytes / BYTES_PER_CHANGE));
  }

  /** A transaction begins. What one that failed has left counts for nothing. */
  begin(): void {
    this.#rows = [];
  }

  addKey(sequence: number, writer: string, namespace: string, key: string): void {
    const row = this.#rows.at(-1);
    if (
      row?.keys === undefined ||
      row.writer !== writer ||
      row.namespace !== namespace ||
      row.room < key.length
    ) {
      this.#rows.push({ first: sequence, writer, namespace, keys: [key], room: MOST_IN_ROW - key.length });
      return;
    }
    row.keys.push(key);
    row.room -= key.length;
  }

  addClear(sequence: number, writer: string, namespace: string, tag: string | undefined): void {
    this.#rows.push({ first: sequence, writer, namespace, tag, room: 0 });
  }

  /** Inside a write transaction, at its end. A row covers no sequence of another transaction, so a cursor never points into one. */
  save(): void {
    for (const { first, writer, namespace, keys, tag } of this.#rows) {
      const packed: Packed = [writer, namespace, keys ?? null, tag ?? null];
      this.#log.putSync(first, packed, { append: true });
    }
  }

  /** Inside a write transaction. */
  trim(sequence: number): void {
    const end = sequence - this.#kept;
    if (end <= this.#trimmedTo + this.#kept * TRIM_SHARE) return;
    this.#trimmedTo = end;
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
      const [, namespace, written, tag] = value;
      if (written === null) clears.push({ namespace, tag: tag ?? undefined });
      else for (const key of written) keys.push({ namespace, key });
    }
    return { cursor: sequence, isComplete: true, keys, clears };
  }

  /** Another process may keep less. */
  #isTrimmedSince(cursor: number): boolean {
    const [first] = this.#log.getKeys({ limit: 1 });
    return first !== undefined && first > cursor + 1;
  }
}
