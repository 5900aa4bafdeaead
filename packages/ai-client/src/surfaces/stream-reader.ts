import { asBuffer } from '../as-buffer.js';
import type { ByteRange } from '../sse/event-group.js';
import { readEvent, readEvents, type SseEvent } from '../sse/events.js';
import type { FoldedStream, SurfaceAdapter } from './adapter.js';
import type { EventFolder, Repetition } from './event-folder.js';
import { RepeatedEvent } from './repeated-event.js';

/**
 * Reads a stream on its way, as whole events. Nearly all of them are the one before with another text: those are told by
 * comparing what is around the text, and need no parsing.
 */
export class StreamReader {
  private readonly folder: EventFolder;
  private repetition: Repetition | undefined;
  private form: RepeatedEvent | undefined;

  constructor(folder: EventFolder) {
    this.folder = folder;
  }

  /** Takes the next whole events. Returns where among them the event lies that only reports usage. */
  push(bytes: Uint8Array): ByteRange | undefined {
    const text = asBuffer(bytes).toString();
    if (text.includes('\r')) return this.takeAll(readEvents(bytes));
    let usage: number | undefined;
    let position = 0;
    let range: ByteRange | undefined;
    for (let start = 0; start < text.length; ) {
      const blank = text.indexOf('\n\n', start);
      const end = blank < 0 ? text.length : blank + 2;
      if (this.repeats(text, start, end)) position++;
      else {
        const event = readEvent(text.slice(start, end), start, end);
        if (event !== undefined && this.take(event, text)) {
          usage = position;
          range = [start, end];
        }
        if (event !== undefined) position++;
      }
      start = end;
    }
    if (usage === undefined || text.length === bytes.length) return range;
    // With characters of several bytes each, offsets in the text are none in the bytes.
    const event = readEvents(bytes)[usage];
    return event && [event.start, event.end];
  }

  /** What the events so far make. */
  end(): FoldedStream {
    return this.folder.end();
  }

  private takeAll(events: readonly SseEvent[]): ByteRange | undefined {
    let range: ByteRange | undefined;
    for (const event of events) {
      if (this.folder.add(event) === 'reports-usage-only') range = [event.start, event.end];
    }
    this.repetition = undefined;
    this.form = undefined;
    return range;
  }

  private repeats(text: string, start: number, end: number): boolean {
    const added = this.form?.read(text, start, end);
    if (added === undefined) return false;
    this.repetition?.append(added);
    return true;
  }

  /** Tells whether the event only reports usage. */
  private take(event: SseEvent, text: string): boolean {
    const note = this.folder.add(event);
    this.repetition = typeof note === 'object' ? note : undefined;
    this.form =
      this.repetition &&
      RepeatedEvent.of(text.slice(event.start, event.end), this.repetition.name, this.repetition.value);
    return note === 'reports-usage-only';
  }
}

/** Where the event lies in `bytes` (whole events) that only reports usage: a caller who did not ask for it must not get it. */
export function findUsageEvent(adapter: SurfaceAdapter, bytes: Uint8Array): ByteRange | undefined {
  return new StreamReader(adapter.createFolder()).push(bytes);
}
