import type { BytesTree, DiskTrees, Tree, TreeRange } from './disk-driver.js';
import { headBytesOf, payloadBytesOf, sequenceOf } from './record.js';

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Records in the order in which they were appended, so that they fill their pages, and records that go together free whole pages. A record
 * too long for one value of the file continues elsewhere, in parts.
 */
export class RecordLog {
  readonly #rows: BytesTree<number>;
  readonly #parts: DiskTrees['parts'];
  readonly #maxValueBytes: number;
  readonly #lendsBytes: boolean;

  constructor(rows: BytesTree<number>, { parts, maxValueBytes, lendsBytes }: DiskTrees) {
    this.#rows = rows;
    this.#parts = parts;
    this.#lendsBytes = lendsBytes;
    this.#maxValueBytes = maxValueBytes;
  }

  get(position: number): Buffer | undefined {
    const row = this.#rows.getBinaryFast(position);
    if (row === undefined) return undefined;
    return hasParts(row) ? this.#join(row) : this.#own(row);
  }

  /** The record, or a leading part that contains the whole head. */
  head(position: number): Buffer | undefined {
    const row = this.#rows.get(position);
    return row && this.#headOf(row);
  }

  /** Like {@link head}, by position. */
  *heads(range: TreeRange<number>): Iterable<{ position: number; head: Buffer }> {
    for (const { key: position, value } of this.#rows.getRange(range))
      yield { position, head: this.#headOf(value) };
  }

  /** Inside a write transaction. The position must be greater than all others. */
  append(position: number, record: Buffer): void {
    const most = this.#maxValueBytes;
    appendTo(this.#rows, position, record.subarray(0, most));
    const sequence = sequenceOf(record);
    for (let part = 1; part * most < record.length; part += 1)
      appendTo(this.#parts, [sequence, part], record.subarray(part * most, (part + 1) * most));
  }

  /** Inside a write transaction: moves a record here from another log or another position. Its parts stay where they are. */
  appendFrom(log: RecordLog, from: number, position: number): void {
    const row = log.#rows.get(from);
    if (row === undefined) return;
    log.#rows.removeSync(from);
    appendTo(this.#rows, position, row);
  }

  /** Inside a write transaction. `partsOf`: sequence of the record, if it has parts. */
  remove(position: number, partsOf: number | undefined): void {
    if (partsOf !== undefined) for (let part = 1; this.#parts.removeSync([partsOf, part]); part += 1);
    this.#rows.removeSync(position);
  }

  #headOf(row: Buffer): Buffer {
    return row.length < headBytesOf(row) ? this.#join(row) : row;
  }

  /** Returns `NOTHING`, which is no record, if a part is missing; the checksum tells whether the parts are the right ones. */
  #join(beginning: Buffer): Buffer {
    const sequence = sequenceOf(beginning);
    const length = lengthOf(beginning);
    const most = beginning.length;
    const last = Math.ceil(length / most) - 1;
    let row = beginning;
    if (last > 1) {
      row = this.#own(beginning);
      // A garbage length must not be allocated, so look for the last part first.
      if (this.#parts.getBinaryFast([sequence, last]) === undefined) return NOTHING;
    }
    const record = Buffer.allocUnsafeSlow(length);
    row.copy(record, 0, 0, most);
    for (let part = 1; part <= last; part += 1) {
      const at = part * most;
      const found = this.#parts.getBinaryFast([sequence, part]);
      if (found?.length !== Math.min(most, length - at)) return NOTHING;
      found.copy(record, at, 0, found.length);
    }
    return record;
  }

  #own(bytes: Buffer): Buffer {
    if (!this.#lendsBytes) return bytes;
    const copy = Buffer.allocUnsafeSlow(bytes.length);
    bytes.copy(copy, 0, 0, bytes.length);
    return copy;
  }
}

/** Whether the record continues in parts. */
export function hasParts(row: Buffer): boolean {
  return row.length < lengthOf(row);
}

/** Length of the whole record, as its beginning claims. */
function lengthOf(row: Buffer): number {
  return headBytesOf(row) + payloadBytesOf(row);
}

function appendTo<K>(tree: Tree<K, Buffer>, key: K, value: Buffer): void {
  if (tree.putSync(key, value, { append: true }) === false)
    throw new Error('The sequence of the cache file is behind its records');
}
