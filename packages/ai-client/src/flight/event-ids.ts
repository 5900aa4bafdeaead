/** Position of a caller in the stream of one answer. */
export interface EventId {
  /** Name of the answer: two answers to the same request are different streams. */
  readonly answer: string;
  /** Index of the event within the answer, from 0. */
  readonly index: number;
}

const form = /^([\w-]{1,64})\.(\d{1,15})$/;

/** Parses a `Last-Event-ID`; `undefined` if it is not one of ours. */
export function parseEventId(text: string): EventId | undefined {
  const [, answer, index] = form.exec(text.trim()) ?? [];
  return answer === undefined ? undefined : { answer, index: Number(index) };
}

/** Prefix of the ids of all events of an answer; the index follows. */
export function eventIdStem(answer: string): string {
  return `${answer}.`;
}

let made = 0;
/** Distinguishes the names from those of other processes and earlier runs. */
const origin = Math.random().toString(36).slice(2, 10);

/** Creates a unique name for a new answer. */
export function createAnswerName(): string {
  made += 1;
  return `${origin}-${made.toString(36)}`;
}
