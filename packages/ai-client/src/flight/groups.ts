import type { ByteRange, EventGroup } from '../sse/event-group.js';
import { readEvents, type SseEvent } from '../sse/events.js';
import type { FoldedStream, SurfaceAdapter } from '../surfaces/adapter.js';
import { foldEvents } from '../surfaces/event-folder.js';
import { findUsageEvent, StreamReader } from '../surfaces/stream-reader.js';
import { Blocks } from './blocks.js';

/** The finish reason, the usage and the terminal event come in the last few groups. */
const endingGroups = 8;
/** Bytes parsed at a time: smaller batches cost more per event, larger ones would delay other streams. */
const readTogether = 16 * 1024;

/**
 * The events of a stream in progress, kept for late readers and for the cache. Up to `maxBytes`, everything is kept; beyond that, only what
 * a reader has yet to receive, and nobody can join any more. Positions are in bytes.
 */
export class GroupLog {
  private readonly adapter: SurfaceAdapter;
  readonly maxBytes: number;
  private readonly blocks: Blocks = new Blocks();
  private last: EventGroup | undefined;
  /** Start positions of the last few groups. */
  private readonly endings: number[] = [];
  /** Byte range of the event that reports usage. */
  usageEvent: ByteRange | undefined;
  overflowed = false;
  /** The first event, set on overflow: on some surfaces, it alone reports the input tokens. */
  private opening: SseEvent | undefined;
  /** Created by the first read; dropped on overflow, as it holds the whole content. */
  private reader: StreamReader | undefined;
  /** Position up to which it has read. */
  private readTo = 0;

  constructor(adapter: SurfaceAdapter, maxBytes: number) {
    this.adapter = adapter;
    this.maxBytes = maxBytes;
  }

  /** Position after the last group. */
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
    if (!this.overflowed && this.end > this.maxBytes) this.overflow();
  }

  /** The result of folding the events; after an overflow, only of the first one and of those still stored. */
  folded(): FoldedStream {
    if (!this.overflowed) return this.read().end();
    const events = readEvents(this.bytes());
    if (this.opening !== undefined && this.blocks.start > 0) events.unshift(this.opening);
    return foldEvents(this.adapter.createFolder(), events);
  }

  /** The groups from a group boundary on; `undefined` if they have yet to arrive. */
  from(position: number): EventGroup | undefined {
    if (position >= this.end) return undefined;
    if (position === this.endings.at(-1)) return this.last;
    const bytes = this.blocks.from(position);
    return bytes && this.withUsage(bytes, position);
  }

  /** Bytes that a reader at a position has yet to receive. */
  bytesFrom(position: number): number {
    return this.end - Math.max(position, this.blocks.start);
  }

  /**
   * After an overflow: drops what lies before a position that every reader has passed. The last groups stay, since they show how the stream
   * ended.
   */
  dropBefore(position: number): void {
    this.blocks.dropBefore(Math.min(position, this.endings[0] ?? 0));
  }

  /**
   * The whole stream in packed form, to be called after `folded`; `undefined` if packing does not make it shorter, or after an overflow.
   */
  packed(): Buffer | undefined {
    return this.reader?.packed();
  }

  /** Everything still stored, as one array. */
  bytes(): Uint8Array {
    return this.blocks.all();
  }

  /** Nothing has been dropped yet. */
  private overflow(): void {
    this.overflowed = true;
    [this.opening] = readEvents(this.blocks.from(0) ?? new Uint8Array());
    this.reader = undefined;
  }

  /** Looks for the usage-only event. Parses the events if it may have arrived, or if many are unread. */
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

  /** Adds the range of the usage event, if it lies within these events, which begin at `position`. */
  private withUsage(bytes: Uint8Array, position: number): EventGroup {
    const { usageEvent } = this;
    if (usageEvent === undefined) return { bytes };
    const [start, end] = usageEvent;
    if (start < position || end > position + bytes.length) return { bytes };
    return { bytes, usageEvent: [start - position, end - position] };
  }
}
