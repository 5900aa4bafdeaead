import { BoundaryScanner } from '../sse/boundaries.js';
import type { ByteRange } from '../sse/event-group.js';
import { formatEventId } from './event-ids.js';

const byteOrderMark = Buffer.from('\uFEFF');

/**
 * Gives each event of a stream an id by its place, and leaves out those that a caller has already. An event has the same id
 * for everyone who gets the answer, live or stored, with the usage event or without.
 */
export class NumberedEvents {
  private readonly answer: string;
  private readonly after: number;
  private next = 0;

  /** `after`: index of the last event that the caller has; -1 for none. */
  constructor(answer: string, after: number) {
    this.answer = answer;
    this.after = after;
  }

  /** Numbers whole events, the next of the stream. `leftOut` lies among them and is counted, but not given. */
  write(bytes: Uint8Array, leftOut?: ByteRange): Uint8Array {
    const ends = new BoundaryScanner().scan(bytes);
    if (ends.at(-1) !== bytes.length) ends.push(bytes.length);
    const parts: Uint8Array[] = [];
    let start = startsWith(bytes, byteOrderMark) ? byteOrderMark.length : 0;
    for (const end of ends) {
      const index = this.next++;
      if (index > this.after && start !== leftOut?.[0]) {
        parts.push(
          Buffer.from(`id: ${formatEventId({ answer: this.answer, index })}\n`),
          bytes.subarray(start, end),
        );
      }
      start = end;
    }
    return Buffer.concat(parts);
  }
}

function startsWith(bytes: Uint8Array, head: Uint8Array): boolean {
  return head.every((byte, at) => bytes[at] === byte);
}
