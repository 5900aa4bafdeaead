import type { EventForm } from './event-form.js';
import type { EventBytes, Hole } from './form-walk.js';
import { longestNumber, writeNumber } from './numbers.js';

/*
 * The packed format of a stream. Nearly every event is the previous one with another text: of a run of such events, only the contents of
 * the holes of their form are stored. An event that merely shares a prefix and suffix with the previous one is a run of its own, with one
 * hole. The format is a sequence of:
 *
 *   number 2n, n bytes                literal bytes
 *   number 2h + 1, t, h × (g, l)      a run: the last t bytes of the output so far are its template event, with h holes, each g bytes
 *                                     after the previous one and l bytes long
 *     number m + 1, m bytes,          one event of the run: the contents of its holes; one is added to the first one's length; for a
 *     (h - 1) × (m, m bytes)          form without holes, just 1
 *     number 0                        the end of the run
 *
 * Numbers are encoded as in `numbers.ts`.
 */

const leastRoom = 1024;
/** Fewest shared bytes that make a run worth its numbers. */
const leastShared = 24;
/** Size from which the packed form must be less than half of the events, since both are in memory until the stream ends. Bytes. */
const largestUnproven = 256 * 1024;
/** Shorter contents are copied byte by byte, which is cheaper than a call. */
const fewBytes = 24;

/** Packs the events of a stream as they arrive. */
export class PackedWriter {
  private room: Uint8Array = Buffer.allocUnsafe(leastRoom);
  private length = 0;
  private inRun = false;
  /** Unpacked bytes so far. */
  private total = 0;

  /** Whether the events repeat too little, as long ones do: packing them further would waste memory. */
  get isFutile(): boolean {
    return this.length > largestUnproven && 2 * this.length > this.total;
  }

  /** Adds an event without a known form; `before` is the previous one. */
  single(event: EventBytes, before: EventBytes | undefined): void {
    const { bytes, start, end } = event;
    const hole = before && holeBetween(before, event);
    this.endRun();
    this.total += end - start;
    if (before === undefined || hole === undefined) {
      this.number(2 * (end - start));
      this.copy(bytes, start, end);
      return;
    }
    const length = before.end - before.start;
    this.openRun(length, [hole]);
    const from = start + hole.start;
    const to = end - (length - hole.end);
    this.number(to - from + 1);
    this.copy(bytes, from, to);
  }

  /** Begins a run with the previous event as its template. */
  beginRun({ template, holes }: EventForm): void {
    this.endRun();
    this.openRun(template.length, holes);
  }

  /** Adds an event of the run, which its form has just matched. */
  repeat({ found }: EventForm, bytes: Uint8Array, start: number, end: number): void {
    this.total += end - start;
    if (found.length === 0) this.number(1);
    for (let hole = 0; hole < found.length; hole += 2) {
      const from = found[hole] as number;
      const to = found[hole + 1] as number;
      this.number(hole === 0 ? to - from + 1 : to - from);
      this.copy(bytes, from, to);
    }
  }

  private endRun(): void {
    if (this.inRun) this.number(0);
    this.inRun = false;
  }

  /** The packed form so far, in a new buffer; `undefined` if it is not shorter than the events. More events may follow. */
  packed(): Buffer | undefined {
    const length = this.inRun ? this.length + 1 : this.length;
    if (length >= this.total) return undefined;
    const packed = Buffer.allocUnsafeSlow(length);
    packed.set(this.room.subarray(0, this.length));
    if (this.inRun) writeNumber(packed, this.length, 0);
    return packed;
  }

  private openRun(length: number, holes: readonly Pick<Hole, 'start' | 'end'>[]): void {
    this.inRun = true;
    this.number(2 * holes.length + 1);
    this.number(length);
    let behind = 0;
    for (const { start, end } of holes) {
      this.number(start - behind);
      this.number(end - start);
      behind = end;
    }
  }

  private number(value: number): void {
    this.makeRoom(longestNumber);
    this.length = writeNumber(this.room, this.length, value);
  }

  private copy(bytes: Uint8Array, start: number, end: number): void {
    this.makeRoom(end - start);
    const { room, length } = this;
    if (end - start > fewBytes) room.set(bytes.subarray(start, end), length);
    else for (let at = start; at < end; at++) room[length + at - start] = bytes[at] as number;
    this.length += end - start;
  }

  private makeRoom(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.room.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.room.length));
    larger.set(this.room.subarray(0, this.length));
    this.room = larger;
  }
}

/** The part of an event left after the prefix and suffix it shares with the next; `undefined` if they share too little. */
function holeBetween(before: EventBytes, event: EventBytes): Pick<Hole, 'start' | 'end'> | undefined {
  const length = before.end - before.start;
  const most = Math.min(length, event.end - event.start);
  let start = 0;
  while (start < most && before.bytes[before.start + start] === event.bytes[event.start + start]) start++;
  let suffix = 0;
  const left = most - start;
  while (suffix < left && before.bytes[before.end - 1 - suffix] === event.bytes[event.end - 1 - suffix])
    suffix++;
  return start + suffix < leastShared ? undefined : { start, end: length - suffix };
}
