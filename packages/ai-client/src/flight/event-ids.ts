/** Where a caller stands in the stream of one answer. */
export interface EventId {
  /** Which answer: two answers to one request are different streams. */
  readonly answer: string;
  /** Place of the event among all of the answer, from 0. */
  readonly index: number;
}

const form = /^([\w-]{1,64})\.(\d{1,15})$/;

/** Reads the value of a `Last-Event-ID`; `undefined` when it is none of ours. */
export function parseEventId(text: string): EventId | undefined {
  const [, answer, index] = form.exec(text.trim()) ?? [];
  return answer === undefined ? undefined : { answer, index: Number(index) };
}

/** What the ids of all events of an answer begin with; the index follows. */
export function eventIdStem(answer: string): string {
  return `${answer}.`;
}

let made = 0;
/** Told apart from those of other processes, and of this one before it was started again. */
const origin = Math.random().toString(36).slice(2, 10);

/** A name for an answer that is about to be made. */
export function createAnswerName(): string {
  made += 1;
  return `${origin}-${made.toString(36)}`;
}
