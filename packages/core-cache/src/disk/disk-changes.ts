import type { StoreChanges } from '../store.js';
import type { Tree } from './disk-driver.js';
import { indexKey } from './index-key.js';

/** A run of keys that one writer wrote or, if `keys` is null, a clear. */
type Packed = [writer: string, namespace: string, keys: string[] | null, tag: string | null];

/** As JSON, since the file's own encoding replaces lone surrogates. */
function pack(packed: Packed): string {
  return JSON.stringify(packed);
}

/** Rows from before they were JSON are arrays. Undefined for what cannot be read. */
function unpack(value: unknown): Packed | undefined {
  try {
    const packed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    return isPacked(packed) ? packed : undefined;
  } catch {
    return undefined;
  }
}

function isPacked(value: unknown): value is Packed {
  return (
    Array.isArray(value) &&
    value.length === 4 &&
    typeof value[1] === 'string' &&
    (value[2] === null || Array.isArray(value[2]))
  );
}

interface Row {
  /** Sequence of the first change in the row. */
  readonly first: number;
  readonly writer: string;
  readonly namespace: string;
  /** Absent for a clear. */
  readonly keys?: string[];
  readonly tag?: string | undefined;
  /** UTF-16 units still free for keys. */
  room: number;
}

/** Most sequences whose changes are kept. A reader that falls further behind is told that it has missed some. */
const MOST_KEPT = 8192;
/** One change is kept per this many bytes of the size limit: the log must not fill a small file. */
const BYTES_PER_CHANGE = 4096;
const TRIMMED_PER_TRANSACTION = 1024;
/** An excess of up to this share may stay: finding the oldest rows costs more than removing them. */
const TRIM_SHARE: number = 1 / 16;
/** Approximate limit on the keys of one row, in UTF-16 units: a longer row would need pages of its own. */
const MOST_IN_ROW = 1200;

/** A short log of writes and clears. Tells other processes what to drop from memory, and older loads what they must not bring back. */
export class DiskChanges {
  readonly #log: Tree<number, unknown>;
  readonly #kept: number;
  /** Rows of the current transaction. */
  #rows: Row[] = [];
  /** Sequence up to which this process has trimmed. */
  #trimmedTo = 0;
  /** Keys changed lately, by index key, and the sequence of the row that says so; the latest come last. Read from the log when needed. */
  readonly #changed: Map<number, number> = new Map();
  #readFrom: number = Number.POSITIVE_INFINITY;
  #readTo = 0;
  /** Sequence at the beginning of the transaction. */
  #begunAt = 0;

  /** `maxBytes`: size limit of the file. */
  constructor(log: Tree<number, unknown>, maxBytes: number) {
    this.#log = log;
    this.#kept = Math.min(MOST_KEPT, Math.floor(maxBytes / BYTES_PER_CHANGE));
  }

  /** Begins a transaction; discards rows left by one that failed. */
  begin(sequence: number): void {
    this.#rows = [];
    this.#begunAt = sequence;
  }

  /** Inside a write transaction: whether the key was written or deleted after `since`, as far back as the log goes. */
  hasKeySince(namespace: string, key: string, since: number): boolean {
    this.#readChanged(since);
    if ((this.#changed.get(indexKey(namespace, key)) ?? 0) > since) return true;
    return this.#rows.some((row) => row.namespace === namespace && row.keys?.includes(key));
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

  /** Call at the end of a write transaction. A row covers sequences of one transaction only, so a cursor never points into a row. */
  save(): void {
    for (const { first, writer, namespace, keys, tag } of this.#rows) {
      const packed = pack([writer, namespace, keys ?? null, tag ?? null]);
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

  /** Changes after `cursor`, up to `sequence`, made by writers other than `writer`. */
  since(cursor: number, sequence: number, writer: string): StoreChanges {
    const keys: { namespace: string; key: string }[] = [];
    const clears: { namespace: string; tag: string | undefined }[] = [];
    // A cursor ahead of the sequence comes from a file that has been replaced.
    if (cursor > sequence || cursor < sequence - this.#kept || this.#isTrimmedSince(cursor))
      return { cursor: sequence, isComplete: false, keys, clears };
    for (const { packed } of this.#between(cursor, sequence)) {
      const [by, namespace, written, tag] = packed;
      if (by === writer) continue;
      if (written === null) clears.push({ namespace, tag: tag ?? undefined });
      else for (const key of written) keys.push({ namespace, key });
    }
    return { cursor: sequence, isComplete: true, keys, clears };
  }

  /** Reads each row once, unless an older load comes than any before. */
  #readChanged(since: number): void {
    if (since < this.#readFrom) {
      this.#changed.clear();
      this.#readFrom = since;
      this.#readTo = since;
    }
    for (const { first, packed } of this.#between(this.#readTo, this.#begunAt)) {
      const [, namespace, written] = packed;
      for (const key of written ?? []) {
        const slot = indexKey(namespace, key);
        this.#changed.delete(slot);
        this.#changed.set(slot, first);
      }
    }
    this.#readTo = Math.max(this.#readTo, this.#begunAt);
    for (const slot of this.#changed.keys()) {
      if (this.#changed.size <= this.#kept) break;
      this.#changed.delete(slot);
    }
  }

  /** Rows that begin after `cursor`, up to `sequence`. */
  *#between(cursor: number, sequence: number): Iterable<{ first: number; packed: Packed }> {
    if (cursor >= sequence) return;
    const range = { start: cursor, exclusiveStart: true, end: sequence, inclusiveEnd: true };
    for (const { key: first, value } of this.#log.getRange(range)) {
      const packed = unpack(value);
      if (packed !== undefined) yield { first, packed };
    }
  }

  /** Another process may have trimmed more. */
  #isTrimmedSince(cursor: number): boolean {
    const [first] = this.#log.getKeys({ limit: 1 });
    return first !== undefined && first > cursor + 1;
  }
}
