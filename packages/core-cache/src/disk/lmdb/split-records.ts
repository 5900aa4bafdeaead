import type { Database } from 'lmdb';
import type { RecordTree } from '../disk-driver.js';
import { sequenceOf } from '../record.js';

/**
 * Four pages of 4 KiB, less their header. LMDB keeps a value in pages that lie side by side. In a file that is used over and over, few
 * free pages do: with large values in one piece it would go on growing.
 */
const PART_BYTES = 4 * 4096 - 24;
/** Stands in the place of a large record, and is shorter than any: its sequence and its length, as doubles. */
const HEAD_BYTES = 16;
const NOTHING: Buffer = Buffer.alloc(0);

/** Sequence of the record, number of the part. */
export type PartKey = [sequence: number, part: number];

/** Records of any size, in parts that always find room. */
export class SplitRecords implements RecordTree {
  readonly #records: Database<Buffer, string>;
  readonly #parts: Database<Buffer, PartKey>;

  constructor(records: Database<Buffer, string>, parts: Database<Buffer, PartKey>) {
    this.#records = records;
    this.#parts = parts;
  }

  get(key: string): Buffer | undefined {
    // Not `get`: its result is overwritten by the next one.
    const found = this.#records.getBinary(key);
    return found?.length === HEAD_BYTES ? this.#join(found) : found;
  }

  putSync(key: string, record: Buffer): void {
    if (record.length <= PART_BYTES) {
      this.#records.putSync(key, record);
      return;
    }
    const sequence = sequenceOf(record);
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeDoubleLE(sequence, 0);
    head.writeDoubleLE(record.length, 8);
    this.#records.putSync(key, head);
    for (let part = 0; part * PART_BYTES < record.length; part += 1) {
      const start = part * PART_BYTES;
      this.#parts.putSync([sequence, part], record.subarray(start, start + PART_BYTES));
    }
  }

  removeSync(key: string): boolean {
    const found = this.#records.getBinaryFast(key);
    if (found === undefined) return false;
    if (found.length === HEAD_BYTES) {
      const sequence = found.readDoubleLE(0);
      for (let part = 0; this.#parts.removeSync([sequence, part]); part += 1);
    }
    return this.#records.removeSync(key);
  }

  /** Nothing, which is no record, where a part is missing; the checksum tells whether they are the right ones. */
  #join(head: Buffer): Buffer {
    const sequence = head.readDoubleLE(0);
    const length = head.readDoubleLE(8);
    // The last part first: a length that is garbage must not be allocated.
    if (!this.#parts.doesExist([sequence, Math.ceil(length / PART_BYTES) - 1])) return NOTHING;
    const record = Buffer.allocUnsafeSlow(length);
    for (let part = 0; part * PART_BYTES < length; part += 1) {
      const found = this.#parts.getBinary([sequence, part]);
      if (found === undefined) return NOTHING;
      record.set(found, part * PART_BYTES);
    }
    return record;
  }
}
