import { type EventBytes, type Hole, holesBetween, numberEnd } from './form-walk.js';

const quote = 0x22;
const backslash = 0x5c;
const firstPrintable = 0x20;
const firstWide = 0x80;

/**
 * The form of an event that carries a line of JSON: everything but a few strings and numbers, its holes. Nearly all events of a stream
 * have that of the one before them. To know such an event takes one look at each byte, and no parsing: what is around its holes is the
 * same, and what is in them are strings and whole numbers again.
 */
export class EventForm {
  readonly holes: readonly Hole[];
  /** The event that the form was taken from. */
  readonly template: Uint8Array;
  /** Where the content of each hole begins and ends, in turn: in the event that was matched last, at first in the template. */
  readonly found: number[];
  /** A bit for each hole of it that has an escape sequence; there may be more than 31 holes, and then the last bit is for the rest. */
  escaped = 0;
  /** Whether one of its holes has characters beyond ASCII. */
  wide = false;
  private readonly view: DataView;

  private constructor(event: EventBytes, holes: readonly Hole[]) {
    this.template = event.bytes.subarray(event.start, event.end);
    this.view = viewOf(this.template);
    this.holes = holes;
    this.found = holes.flatMap(({ start, end }) => [start, end]);
  }

  /**
   * The form that two events share, one behind the other; `undefined` when they share none. A string of a member `text` is a hole also
   * when it is the same in both.
   */
  static of(before: EventBytes, after: EventBytes, text?: string): EventForm | undefined {
    const holes = holesBetween(before, after, text);
    return holes && new EventForm(before, holes);
  }

  /** Where the event that begins at `at` ends, when it has this form; else -1. `view` shows the same bytes. */
  match(bytes: Uint8Array, view: DataView, at: number): number {
    const { holes, found, template } = this;
    this.escaped = 0;
    this.wide = false;
    let from = 0;
    let to = at;
    for (let index = 0; index < holes.length; index++) {
      const { start, end, isText } = holes[index] as Hole;
      if (!this.isSame(from, start, bytes, view, to)) return -1;
      to += start - from;
      found[2 * index] = to;
      to = isText ? this.textEnd(bytes, to, index) : numberEnd(bytes, to);
      if (to < 0) return -1;
      found[2 * index + 1] = to;
      from = end;
    }
    return this.isSame(from, template.length, bytes, view, to) ? to + template.length - from : -1;
  }

  /** Compares a part of the template with bytes, eight at a time. */
  private isSame(from: number, end: number, bytes: Uint8Array, view: DataView, to: number): boolean {
    const { template, view: templateView } = this;
    const shift = to - from;
    if (end + shift > bytes.length) return false;
    let at = from;
    for (; at + 8 <= end; at += 8) {
      const first = templateView.getInt32(at, true) ^ view.getInt32(at + shift, true);
      const second = templateView.getInt32(at + 4, true) ^ view.getInt32(at + 4 + shift, true);
      if ((first | second) !== 0) return false;
    }
    for (; at < end; at++) if (template[at] !== bytes[at + shift]) return false;
    return true;
  }

  private textEnd(bytes: Uint8Array, start: number, index: number): number {
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === quote) return at;
      if (byte < firstPrintable) return -1;
      if (byte === backslash) {
        this.escaped |= 1 << Math.min(index, 31);
        at++;
      } else if (byte >= firstWide) this.wide = true;
    }
    return -1;
  }
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
