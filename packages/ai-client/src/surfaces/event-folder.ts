import type { SseEvent } from '../sse/events.js';
import type { FoldedStream } from './adapter.js';

/** Puts an answer together from the events that stream it. Cheap as long as it is not asked for the end. */
export interface EventFolder {
  /** Takes the next event; tells what those who read on have to know of it. */
  add(event: SseEvent): EventNote | undefined;
  /** What the events so far make. */
  end(): FoldedStream;
}

/** What an event was, beside a part of the answer. */
export type EventNote = 'reports-usage-only' | Repetition;

/** The event only added a text, as those to come are likely to: they will differ from it in the member `name`, and in `others`. */
export interface Repetition {
  readonly name: string;
  readonly value: string;
  /** Members of the event's own object that are no part of the answer. */
  readonly others?: ReadonlySet<string>;
  /** Adds the text of such an event. */
  append(text: string): void;
}

/** What events make that are all there. */
export function foldEvents(folder: EventFolder, events: readonly SseEvent[]): FoldedStream {
  for (const event of events) folder.add(event);
  return folder.end();
}
