import { type Failure, toFailure } from '@ai-toolkit/ai-client';

/** The answer to requests while the server stops. */
export const stopping: Failure = {
  code: 'AI_CLOSED',
  status: 503,
  message: 'The server is stopping.',
  hint: 'Try again in a moment.',
  retryAfterMs: 1000,
};

type Words = Pick<Failure, 'message' | 'hint'>;

/** Wording for refusals by limits, whose own messages name options of our code, the upstream, and how many others wait. */
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

/** Translates an error of the pipeline for an HTTP client. The hint of `AI_CLOSED`, a new client, fits only code. */
export function failureOf(error: unknown): Failure {
  const failure = toFailure(error);
  return failure.code === stopping.code ? stopping : { ...failure, ...limitWords[failure.code] };
}
