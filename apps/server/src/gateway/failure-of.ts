import { type Failure, toFailure } from '@ai-toolkit/ai-client';

/** What callers hear while the server stops. */
export const stopping: Failure = {
  code: 'AI_CLOSED',
  status: 503,
  message: 'The server is stopping.',
  hint: 'Try again in a moment.',
  retryAfterMs: 1000,
};

type Words = Pick<Failure, 'message' | 'hint'>;

/** Refusals by limits, which name fields and options of our code, the upstream's name, and how many others ask. */
const limitWords: Readonly<Record<string, Words>> = {
  LIMIT_CIRCUIT_OPEN: {
    message: 'The provider of this model keeps failing and is left alone for a while.',
    hint: 'Come back after the time in Retry-After, or ask another model.',
  },
  LIMIT_QUEUE_FULL: {
    message: 'Too many requests wait for this model already.',
    hint: 'Come back after the time in Retry-After, or send fewer at once.',
  },
  LIMIT_SHED: {
    message: 'A more urgent request took the place of this one in the full queue of this model.',
    hint: 'Come back after the time in Retry-After.',
  },
  LIMIT_WAIT_TOO_LONG: {
    message: 'The limits of the provider let this request through later than it may wait.',
    hint: 'Come back after the time in Retry-After.',
  },
};

/** An error of the pipeline in the words for a caller of the server, who has none that could be made anew. */
export function failureOf(error: unknown): Failure {
  const failure = toFailure(error);
  return failure.code === stopping.code ? stopping : { ...failure, ...limitWords[failure.code] };
}
