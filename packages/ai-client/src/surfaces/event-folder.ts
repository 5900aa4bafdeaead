import type { SseEvent } from '../sse/events.js';
import type { FoldedStream } from './adapter.js';

/** Assembles an answer from its stream events. `add` is cheap; only `end` does the expensive work. */
export interface EventFolder {
  /** Adds the next event; returns what the stream reader needs to know of it. */
  add(event: SseEvent): EventNote | undefined;
  /** The result of the events so far. */
  end(): FoldedStream;
}

/** Notable properties of an event. */
export type EventNote = 'reports-usage-only' | Repetition;

/** The event only appended text, and the following ones probably do too: they will differ only in the member `name` and in `others`. */
export interface Repetition {
  readonly name: string;
  readonly value: string;
  /** Top-level members of the event that are not part of the answer. */
  readonly others?: ReadonlySet<string>;
  /** Appends the text of such an event. */
  append(text: string): void;
}

/** Folds a complete list of events. */
export function foldEvents(folder: EventFolder, events: readonly SseEvent[]): FoldedStream {
  for (const event of events) folder.add(event);
  return folder.end();
}
