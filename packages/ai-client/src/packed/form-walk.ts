import { asBuffer } from '../as-buffer.js';

/** A string or a number that differs between events of the same form. Offsets are relative to the event's first byte. */
export interface Hole {
  /** After the opening quotation mark of a string. */
  readonly start: number;
  readonly end: number;
  readonly isText: boolean;
  /** Name of the member it is the value of, as written. */
  readonly member: string;
  /** Nesting depth in objects: 1 for a member of the event's top-level object. */
  readonly depth: number;
}

/** The range of one event among others. */
export interface EventBytes {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

const lineFeed = 0x0a;
const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const backslash = 0x5c;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

const dataField = Buffer.from('data: {');
const eventField = Buffer.from('event: ');

/**
 * The strings and numbers in which two events differ, located in the first. `undefined` if they differ in more, or do not consist of one
 * line of JSON. A string of a member named `text` is included even if it is the same in both.
 */
export function holesBetween(
  before: EventBytes,
  after: EventBytes,
  text: string | undefined,
): readonly Hole[] | undefined {
  return new FormWalk(before, after, text).holes();
}

/** Walks through two events in parallel, token by token, as long as they have the same form. */
class FormWalk {
  private readonly before: EventBytes;
  private readonly after: EventBytes;
  private readonly text: string | undefined;
  private readonly found: Hole[] = [];
  private at: number;
  private to: number;
  /** Position of the last member name. */
  private nameStart = 0;
  private nameEnd = 0;
  private depth = 0;

  constructor(before: EventBytes, after: EventBytes, text: string | undefined) {
    this.before = before;
    this.after = after;
    this.text = text;
    this.at = before.start;
    this.to = after.start;
  }

  holes(): readonly Hole[] | undefined {
    const { before, after } = this;
    const json = jsonStart(before);
    if (json === undefined) return undefined;
    const head = json - before.start;
    if (!isSame(before.bytes, before.start, json, after.bytes, after.start, after.start + head))
      return undefined;
    this.at += head;
    this.to += head;
    while (this.at < before.end && this.to < after.end) {
      const byte = before.bytes[this.at] as number;
      const passed = byte === quote ? this.passText() : isDigit(byte) ? this.passNumber() : this.step();
      if (!passed) return undefined;
    }
    return this.at === before.end && this.to === after.end ? this.found : undefined;
  }

  /** Consumes a byte that must be equal in both. */
  private step(): boolean {
    const byte = this.before.bytes[this.at++];
    if (byte === openingBrace) this.depth++;
    else if (byte === closingBrace) this.depth--;
    return byte === this.after.bytes[this.to++];
  }

  private passText(): boolean {
    const { before, after } = this;
    if (after.bytes[this.to] !== quote) return false;
    const start = this.at + 1;
    const end = endOfText(before, start);
    const otherStart = this.to + 1;
    const otherEnd = endOfText(after, otherStart);
    if (end < 0 || otherEnd < 0) return false;
    const same = isSame(before.bytes, start, end, after.bytes, otherStart, otherEnd);
    this.at = end + 1;
    this.to = otherEnd + 1;
    if (isColonNext(before.bytes, this.at)) {
      this.nameStart = start;
      this.nameEnd = end;
      // Names with escapes may be written in several ways, so they are not supported.
      return same && !isEscaped(before.bytes, start, end);
    }
    if (!same || this.isNamed(this.text)) this.add(start, end, true);
    return true;
  }

  private isNamed(name: string | undefined): boolean {
    if (name?.length !== this.nameEnd - this.nameStart) return false;
    for (let index = 0; index < name.length; index++)
      if (name.charCodeAt(index) !== this.before.bytes[this.nameStart + index]) return false;
    return true;
  }

  private passNumber(): boolean {
    const { before, after } = this;
    const start = this.at;
    const end = endOfDigits(before.bytes, start);
    const otherEnd = endOfDigits(after.bytes, this.to);
    const same = isSame(before.bytes, start, end, after.bytes, this.to, otherEnd);
    const whole = isNumber(before.bytes, start, end) && isNumber(after.bytes, this.to, otherEnd);
    this.at = end;
    this.to = otherEnd;
    if (same) return true;
    if (whole) this.add(start, end, false);
    return whole;
  }

  private add(start: number, end: number, isText: boolean): void {
    const { bytes, start: first } = this.before;
    const member = asBuffer(bytes).toString('latin1', this.nameStart, this.nameEnd);
    this.found.push({ start: start - first, end: end - first, isText, member, depth: this.depth });
  }
}

/** Start of the JSON in an event with one line of data, with or without an event name. */
function jsonStart({ bytes, start }: EventBytes): number | undefined {
  if (startsWith(bytes, start, dataField)) return start + dataField.length - 1;
  if (!startsWith(bytes, start, eventField)) return undefined;
  const line = bytes.indexOf(lineFeed, start) + 1;
  return line > 0 && startsWith(bytes, line, dataField) ? line + dataField.length - 1 : undefined;
}

function startsWith(bytes: Uint8Array, at: number, head: Uint8Array): boolean {
  for (let index = 0; index < head.length; index++) if (bytes[at + index] !== head[index]) return false;
  return true;
}

/** Position of the closing quotation mark of a string. */
function endOfText({ bytes, end }: EventBytes, start: number): number {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === quote) return at;
    if (byte < space) return -1;
    if (byte === backslash) at++;
  }
  return -1;
}

function isColonNext(bytes: Uint8Array, at: number): boolean {
  let next = at;
  while ((bytes[next] ?? colon) <= space) next++;
  return bytes[next] === colon;
}

function isEscaped(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === backslash) return true;
  return false;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

function endOfDigits(bytes: Uint8Array, start: number): number {
  let end = start;
  while (isDigit(bytes[end])) end++;
  return end;
}

/** Whether the digits are a complete JSON number without sign, fraction or leading zero. */
function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  if (end === start || (bytes[start] === zero && end > start + 1)) return false;
  const before = bytes[start - 1];
  if (before !== colon && before !== comma && before !== space) return false;
  const behind = bytes[end];
  return behind === comma || behind === closingBrace;
}

/** End of the digits if they are a complete JSON number; otherwise -1. */
export function numberEnd(bytes: Uint8Array, start: number): number {
  const end = endOfDigits(bytes, start);
  return isNumber(bytes, start, end) ? end : -1;
}

function isSame(
  a: Uint8Array,
  start: number,
  end: number,
  b: Uint8Array,
  otherStart: number,
  otherEnd: number,
): boolean {
  if (end - start !== otherEnd - otherStart) return false;
  for (let at = start; at < end; at++) if (a[at] !== b[at - start + otherStart]) return false;
  return true;
}
