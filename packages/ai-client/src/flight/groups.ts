import type { ByteRange, EventGroup } from '../sse/event-group.js';
import { readEvents } from '../sse/events.js';
import type { FoldedStream, SurfaceAdapter } from '../surfaces/adapter.js';
import { foldEvents } from '../surfaces/event-folder.js';
import { findUsageEvent, StreamReader } from '../surfaces/stream-reader.js';

/** The finish reason, the usage and the terminal event come in the last few groups. */
const endingGroups = 8;

/**
 * The events of a stream on its way, kept for those who join late and for the cache. Up to `maxBytes` everything is
 * kept; past it, only what a reader has still to get, and nobody can join any more.
 */
export class GroupLog {
  private readonly adapter: SurfaceAdapter;
  private readonly maxBytes: number;
  private groups: EventGroup[] = [];
  /** Position of the first group that is still kept. */
  private first = 0;
  private keptBytes = 0;
  /** Byte range of the usage event in `bytes()`. */
  usageEvent: ByteRange | undefined;
  overflowed = false;
  /** From the first group on, until the log overflows. */
  private reader: StreamReader | undefined;

  constructor(adapter: SurfaceAdapter, maxBytes: number) {
    this.adapter = adapter;
    this.maxBytes = maxBytes;
  }

  /** Position behind the last group. */
  get end(): number {
    return this.first + this.groups.length;
  }

  push(bytes: Uint8Array): void {
    if (this.end === 0) this.reader = new StreamReader(this.adapter.createFolder());
    const usageEvent =
      this.reader === undefined ? findUsageEvent(this.adapter, bytes) : this.reader.push(bytes);
    if (usageEvent === undefined) {
      this.groups.push({ bytes });
    } else {
      const [start, end] = usageEvent;
      this.usageEvent = [this.keptBytes + start, this.keptBytes + end];
      this.groups.push({ bytes, usageEvent });
    }
    this.keptBytes += bytes.length;
    if (this.keptBytes <= this.maxBytes) return;
    this.overflowed = true;
    // It holds all that was said.
    this.reader = undefined;
  }

  /** What the events make: after an overflow, those at the end. */
  folded(): FoldedStream {
    return this.reader?.end() ?? foldEvents(this.adapter.createFolder(), readEvents(this.bytes()));
  }

  /** The group at a position, or `undefined` when it is yet to come. */
  at(position: number): EventGroup | undefined {
    return this.groups[position - this.first];
  }

  /** Bytes from a position to the end: what a reader who stands there has still to get. */
  bytesFrom(position: number): number {
    let bytes = 0;
    for (let at = position - this.first; at < this.groups.length; at++)
      bytes += this.groups[at]?.bytes.length ?? 0;
    return bytes;
  }

  /**
   * After an overflow: forgets what lies before a position, which every reader has passed. The last groups stay: they
   * tell how the stream ended.
   */
  dropBefore(position: number): void {
    const passed = Math.min(position - this.first, this.groups.length - endingGroups);
    const dropped = this.groups.splice(0, Math.max(0, passed));
    this.first += dropped.length;
    for (const group of dropped) this.keptBytes -= group.bytes.length;
  }

  /** Everything that is kept, as one. */
  bytes(): Uint8Array {
    return this.groups.length === 1
      ? (this.groups[0] as EventGroup).bytes
      : Buffer.concat(this.groups.map((group) => group.bytes));
  }
}
