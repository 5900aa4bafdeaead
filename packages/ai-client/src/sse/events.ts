import { asBuffer } from '../as-buffer.js';
import { BoundaryScanner } from './boundaries.js';

/** One server-sent event and its position in the bytes. */
export interface SseEvent {
  /** Value of the `event` field; `message` if absent, as the standard defines. */
  readonly event: string;
  /** The `data` lines, joined by line feeds. */
  readonly data: string;
  readonly id?: string;
  /** Offset of the event's first byte. */
  readonly start: number;
  /** Offset after its closing blank line. */
  readonly end: number;
}

const byteOrderMark = 0xfeff;

/**
 * Parses the events in `bytes`, which must be whole. A last event without its blank line is included, since some servers close the
 * connection right after it. Comments and events without data are skipped.
 */
export function readEvents(bytes: Uint8Array): SseEvent[] {
  const buffer = asBuffer(bytes);
  const text = buffer.toString();
  // Fast path for pure ASCII without CR, as nearly every stream is: text offsets are byte offsets.
  if (text.length === buffer.length && !text.includes('\r')) return readPlainEvents(text);
  const ends = new BoundaryScanner().scan(buffer);
  if (ends.at(-1) !== buffer.length) ends.push(buffer.length);
  const events: SseEvent[] = [];
  let start = 0;
  for (const end of ends) {
    const event = readEvent(buffer.toString('utf8', start, end), start, end);
    if (event !== undefined) events.push(event);
    start = end;
  }
  return events;
}

function readPlainEvents(text: string): SseEvent[] {
  const events: SseEvent[] = [];
  for (let start = 0; start < text.length; ) {
    const blank = text.indexOf('\n\n', start);
    const end = blank < 0 ? text.length : blank + 2;
    const event = readEvent(text.slice(start, end), start, end);
    if (event !== undefined) events.push(event);
    start = end;
  }
  return events;
}

/** Parses `text` as one event, located from `start` to `end` in its source; `undefined` if it has no data. */
export function readEvent(text: string, start: number, end: number): SseEvent | undefined {
  // Fast path for most events: one line of data and a blank line.
  if (text.startsWith('data: ') && text.indexOf('\n') === text.length - 2 && !text.includes('\r')) {
    return { event: 'message', data: text.slice(6, -2), start, end };
  }
  const named = readNamedEvent(text, start, end);
  if (named !== undefined) return named;
  const source = start === 0 && text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
  const data: string[] = [];
  let event = 'message';
  let id: string | undefined;
  for (const line of source.split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':');
    // A line that begins with a colon is a comment.
    if (line === '' || colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const raw = colon < 0 ? '' : line.slice(colon + 1);
    const value = raw.startsWith(' ') ? raw.slice(1) : raw;
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value === '' ? 'message' : value;
    else if (field === 'id' && !value.includes('\0')) id = value;
  }
  if (data.length === 0) return undefined;
  return { event, data: data.join('\n'), start, end, ...(id === undefined ? {} : { id }) };
}

/** Fast path for the events of Anthropic's messages and OpenAI's responses: a name, one line of data and a blank line. */
function readNamedEvent(text: string, start: number, end: number): SseEvent | undefined {
  const nameEnd = text.indexOf('\n');
  if (!text.startsWith('event: ') || nameEnd === 7 || !text.startsWith('data: ', nameEnd + 1))
    return undefined;
  if (text.indexOf('\n', nameEnd + 1) !== text.length - 2 || text.includes('\r')) return undefined;
  return { event: text.slice(7, nameEnd), data: text.slice(nameEnd + 7, -2), start, end };
}

/** Formats an event with `data` (one line), as OpenAI does. */
export function writeData(data: string): string {
  return `data: ${data}\n\n`;
}

/** Formats a named event with `data` (one line), as Anthropic and OpenAI's Responses API do. */
export function writeEvent(event: string, data: string): string {
  return `event: ${event}\ndata: ${data}\n\n`;
}
