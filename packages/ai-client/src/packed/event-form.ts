import { type EventBytes, type Hole, holesBetween, numberEnd } from './form-walk.js';

const quote = 0x22;
const backslash = 0x5c;
const firstPrintable = 0x20;
const firstWide = 0x80;

/**
 * The form of an event with one line of JSON: everything except some strings and numbers, its holes. Nearly every event of a stream has the
 * form of the previous one. Such an event is recognised in one pass over its bytes, without parsing: the bytes around its holes are equal,
 * and the holes contain strings and whole numbers.
 */
export class EventForm {
  readonly holes: readonly Hole[];
  /** The event the form was derived from. */
  readonly template: Uint8Array;
  /** Start and end of each hole's content in turn: in the last matched event, initially in the template. */
  readonly found: number[];
  /** One bit per hole with an escape sequence; the last bit stands for all holes from the 32nd on. */
  escaped = 0;
  /** Whether any hole has non-ASCII characters. */
  wide = false;
  private readonly view: DataView;

  private constructor(event: EventBytes, holes: readonly Hole[]) {
    this.template = event.bytes.subarray(event.start, event.end);
    this.view = viewOf(this.template);
    this.holes = holes;
    this.found = holes.flatMap(({ start, end }) => [start, end]);
  }

  /**
   * The form shared by two consecutive events; `undefined` if they share none. A string of a member named `text` is a hole even if it is
   * the same in both.
   */
  static of(before: EventBytes, after: EventBytes, text?: string): EventForm | undefined {
    const holes = holesBetween(before, after, text);
    return holes && new EventForm(before, holes);
  }

  /** Matches an event at `at`; returns its end, or -1. `view` covers the same bytes. */
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

  /** Compares part of the template, eight bytes at a time. */
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
