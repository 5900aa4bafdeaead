import type { ByteRange, EventGroup } from '../sse/event-group.js';
import { readEvents } from '../sse/events.js';
import type { FoldedStream, SurfaceAdapter } from '../surfaces/adapter.js';
import { foldEvents } from '../surfaces/event-folder.js';
import { findUsageEvent, StreamReader } from '../surfaces/stream-reader.js';
import { Blocks } from './blocks.js';

/** The finish reason, the usage and the terminal event come in the last few groups. */
const endingGroups = 8;
/** So many bytes are read together: fewer cost more for each event, and more would hold up others. */
const readTogether = 16 * 1024;

/**
 * The events of a stream on its way, kept for those who join late and for the cache. Up to `maxBytes` everything is
 * kept; past it, only what a reader has still to get, and nobody can join any more. Positions are counted in bytes.
 */
export class GroupLog {
  private readonly adapter: SurfaceAdapter;
  private readonly maxBytes: number;
  private readonly blocks: Blocks = new Blocks();
  private last: EventGroup | undefined;
  /** Where the last few groups begin. */
  private readonly endings: number[] = [];
  /** Byte range of the event that reports usage. */
  usageEvent: ByteRange | undefined;
  overflowed = false;
  /** Made for the first read, and gone after an overflow: it holds all that was said. */
  private reader: StreamReader | undefined;
  /** Position up to which it has read. */
  private readTo = 0;

  constructor(adapter: SurfaceAdapter, maxBytes: number) {
    this.adapter = adapter;
    this.maxBytes = maxBytes;
  }

  /** Position behind the last group. */
  get end(): number {
    return this.blocks.end;
  }

  push(bytes: Uint8Array): void {
    const start = this.end;
    this.blocks.push(bytes);
    this.endings.push(start);
    if (this.endings.length > endingGroups) this.endings.shift();
    this.findUsage(bytes, start);
    this.last = this.withUsage(bytes, start);
    if (this.end - this.blocks.start <= this.maxBytes) return;
    this.overflowed = true;
    this.reader = undefined;
  }

  /** What the events make: after an overflow, those at the end. */
  folded(): FoldedStream {
    if (this.overflowed) return foldEvents(this.adapter.createFolder(), readEvents(this.bytes()));
    return this.read().end();
  }

  /** Groups from a position on, where one begins, or `undefined` when they are yet to come. */
  from(position: number): EventGroup | undefined {
    if (position >= this.end) return undefined;
    if (position === this.endings.at(-1)) return this.last;
    const bytes = this.blocks.from(position);
    return bytes && this.withUsage(bytes, position);
  }

  /** How many bytes a reader who stands at a position has still to get. */
  bytesFrom(position: number): number {
    return this.end - Math.max(position, this.blocks.start);
  }

  /**
   * After an overflow: forgets what lies before a position, which every reader has passed. The last groups stay: they
   * tell how the stream ended.
   */
  dropBefore(position: number): void {
    this.blocks.dropBefore(Math.min(position, this.endings[0] ?? 0));
  }

  /** Everything in few bytes, once it is `folded`; `undefined` where that would not make it shorter, or after an overflow. */
  packed(): Buffer | undefined {
    return this.reader?.packed();
  }

  /** Everything that is kept, as one. */
  bytes(): Uint8Array {
    return this.blocks.all();
  }

  /** Looks for the event that only reports usage; reads the events when it may have come, or when they are many. */
  private findUsage(bytes: Uint8Array, start: number): void {
    const mayReport = this.adapter.mayReportUsageAlone?.(bytes) === true;
    if (this.overflowed) {
      if (mayReport) this.noteUsage(findUsageEvent(this.adapter, bytes), start);
    } else if (mayReport || this.end - this.readTo >= readTogether) this.read();
  }

  private read(): StreamReader {
    this.reader ??= new StreamReader(this.adapter.createFolder());
    for (let bytes = this.unread(); bytes !== undefined; bytes = this.unread()) {
      this.noteUsage(this.reader.push(bytes), this.readTo);
      this.readTo += bytes.length;
    }
    return this.reader;
  }

  private unread(): Uint8Array | undefined {
    return this.readTo < this.end ? this.blocks.from(this.readTo) : undefined;
  }

  private noteUsage(found: ByteRange | undefined, position: number): void {
    if (found !== undefined) this.usageEvent = [position + found[0], position + found[1]];
  }

  /** Events that begin at a position, and where among them the one lies that reports usage. */
  private withUsage(bytes: Uint8Array, position: number): EventGroup {
    const { usageEvent } = this;
    if (usageEvent === undefined) return { bytes };
    const [start, end] = usageEvent;
    if (start < position || end > position + bytes.length) return { bytes };
    return { bytes, usageEvent: [start - position, end - position] };
  }
}
