import { asBuffer } from '../as-buffer.js';
import { EventForm, viewOf } from '../packed/event-form.js';
import type { EventBytes } from '../packed/form-walk.js';
import { PackedWriter } from '../packed/packed-writer.js';
import type { ByteRange } from '../sse/event-group.js';
import { readEvent, readEvents, type SseEvent } from '../sse/events.js';
import type { FoldedStream, SurfaceAdapter } from './adapter.js';
import type { EventFolder, Repetition } from './event-folder.js';
import { RepeatedText } from './repeated-text.js';

const carriageReturn = 0x0d;

/**
 * Reads a stream as whole events: folds the answer, and packs the events for the cache. Nearly every event is the previous one with another
 * text; those are recognised by comparing the bytes around the text, without parsing.
 */
export class StreamReader {
  private readonly folder: EventFolder;
  /** Absent for a stream that is not packed, because of other line ends or too little repetition. */
  private writer: PackedWriter | undefined = new PackedWriter();
  private before: EventBytes | undefined;
  private repetition: Repetition | undefined;
  private form: EventForm | undefined;
  /** Extracts the text of events of the form; absent if they must be parsed. */
  private text: RepeatedText | undefined;
  private usage: ByteRange | undefined;

  constructor(folder: EventFolder) {
    this.folder = folder;
  }

  /** Adds whole events. Returns the byte range of the usage-only event, if it is among them. */
  push(bytes: Uint8Array): ByteRange | undefined {
    this.usage = undefined;
    if (bytes.includes(carriageReturn)) this.takeAll(bytes);
    else this.takeRuns(asBuffer(bytes));
    if (this.writer?.isFutile === true) this.writer = undefined;
    return this.usage;
  }

  /** The result of the events so far. */
  end(): FoldedStream {
    return this.folder.end();
  }

  /** The events so far in packed form, for `unpackEvents`; `undefined` if that is not shorter. */
  packed(): Buffer | undefined {
    return this.writer?.packed();
  }

  private takeAll(bytes: Uint8Array): void {
    for (const event of readEvents(bytes)) this.take(event);
    this.writer = undefined;
    this.before = undefined;
    this.form = undefined;
  }

  private takeRuns(bytes: Buffer): void {
    const view = viewOf(bytes);
    let at = this.form === undefined ? 0 : this.takeRun(this.form, bytes, view, 0);
    while (at < bytes.length) {
      const blank = bytes.indexOf('\n\n', at);
      const event = { bytes, start: at, end: blank < 0 ? bytes.length : blank + 2 };
      const form = this.before && EventForm.of(this.before, event, this.repetition?.name);
      if (form !== undefined) {
        this.writer?.beginRun(form);
        this.form = form;
        this.text = this.repetition && RepeatedText.of(form, form.template, this.repetition);
        at = this.takeRun(form, bytes, view, at);
      }
      if (at === event.start) at = this.takePlain(event);
    }
  }

  /** Reads events from `at` on as long as they match the form. Returns where the next one begins. */
  private takeRun(form: EventForm, bytes: Buffer, view: DataView, at: number): number {
    let start = at;
    let last = at;
    for (let end = form.match(bytes, view, start); end > 0; end = form.match(bytes, view, start)) {
      if (!this.takeRepeated(form, bytes, start, end)) break;
      this.writer?.repeat(form, bytes, start, end);
      last = start;
      start = end;
    }
    this.text?.flush();
    if (start > at) this.before = { bytes, start: last, end: start };
    if (start < bytes.length) this.form = undefined;
    return start;
  }

  /** Reads an event that the form has matched; false if it turns out not to be valid. */
  private takeRepeated(form: EventForm, bytes: Buffer, start: number, end: number): boolean {
    if (this.text !== undefined) return this.text.take(form, bytes);
    this.read(bytes, start, end);
    this.text = this.repetition && RepeatedText.of(form, bytes, this.repetition);
    return true;
  }

  /** Reads a single event; returns its end. */
  private takePlain(event: EventBytes): number {
    const { bytes, start, end } = event;
    this.writer?.single(event, this.before);
    this.read(bytes, start, end);
    this.before = event;
    return end;
  }

  private read(bytes: Uint8Array, start: number, end: number): void {
    const event = readEvent(asBuffer(bytes).toString('utf8', start, end), start, end);
    this.repetition = undefined;
    if (event !== undefined) this.take(event);
  }

  private take(event: SseEvent): void {
    const note = this.folder.add(event);
    this.repetition = typeof note === 'object' ? note : undefined;
    if (note === 'reports-usage-only') this.usage = [event.start, event.end];
  }
}

/** Finds the usage-only event in `bytes` (whole events), which must be omitted for callers who did not request it. */
export function findUsageEvent(adapter: SurfaceAdapter, bytes: Uint8Array): ByteRange | undefined {
  return new StreamReader(adapter.createFolder()).push(bytes);
}
