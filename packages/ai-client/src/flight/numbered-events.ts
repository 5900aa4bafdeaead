import { asBuffer } from '../as-buffer.js';
import { BoundaryScanner } from '../sse/boundaries.js';
import type { ByteRange } from '../sse/event-group.js';
import { eventIdStem } from './event-ids.js';

const byteOrderMark = Buffer.from('\uFEFF');
/** Applied to Latin-1 text, where each byte is one character and line ends are as in UTF-8. */
const idLine = /^id(?::[^\r\n]*)?(?:\r\n|\n|\r)/gm;
const zero = 48;
const lineFeed = 10;
const letterI = 105;
const letterD = 100;

/**
 * Gives each event of a stream an id by its index, and omits those that the caller already has. An event has the same id for everyone who
 * receives the answer, live or stored, with or without the usage event. Our id replaces the provider's, since clients use the last of two.
 */
export class NumberedEvents {
  /** The id line up to the index. */
  private readonly head: Buffer;
  private readonly after: number;
  private next = 0;

  /** `after`: index of the last event that the caller has received; -1 for none. */
  constructor(answer: string, after: number) {
    this.head = Buffer.from(`id: ${eventIdStem(answer)}`);
    this.after = after;
  }

  /** Numbers the next whole events of the stream. `leftOut` is the range of an event that is counted but omitted. */
  write(bytes: Uint8Array, leftOut?: ByteRange): Uint8Array {
    const source = asBuffer(bytes);
    const ends = new BoundaryScanner().scan(bytes);
    if (ends.at(-1) !== bytes.length) ends.push(bytes.length);
    const longestId = this.head.length + digitsOf(this.next + ends.length) + 1;
    const shown = Buffer.allocUnsafe(bytes.length + ends.length * longestId);
    let length = 0;
    let start = startsWith(bytes, byteOrderMark) ? byteOrderMark.length : 0;
    const hasIds = mayHaveIds(source, start);
    for (const end of ends) {
      const index = this.next++;
      if (index > this.after && start !== leftOut?.[0]) {
        length = this.writeId(shown, length, index);
        length += hasIds
          ? withoutId(source.subarray(start, end)).copy(shown, length)
          : source.copy(shown, length, start, end);
      }
      start = end;
    }
    return shown.subarray(0, length);
  }

  /** Writes an id line at `at`; returns the offset after it. */
  private writeId(target: Buffer, at: number, index: number): number {
    target.set(this.head, at);
    const end = at + this.head.length + digitsOf(index);
    let left = index;
    for (let place = end - 1; place >= at + this.head.length; place--) {
      target[place] = zero + (left % 10);
      left = Math.floor(left / 10);
    }
    target[end] = lineFeed;
    return end + 1;
  }
}

/** Whether a line may begin with `id`. Carriage returns are rare; if there is one, assume so. */
function mayHaveIds(source: Buffer, start: number): boolean {
  const beginsWithOne = source[start] === letterI && source[start + 1] === letterD;
  return beginsWithOne || source.includes('\nid') || source.includes('\r');
}

function withoutId(event: Buffer): Buffer {
  return Buffer.from(event.toString('latin1').replaceAll(idLine, ''), 'latin1');
}

function digitsOf(index: number): number {
  if (index < 10) return 1;
  return index < 100 ? 2 : String(index).length;
}

function startsWith(bytes: Uint8Array, head: Uint8Array): boolean {
  return head.every((byte, at) => bytes[at] === byte);
}
