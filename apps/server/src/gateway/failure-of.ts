import { type Failure, toFailure } from '@ai-toolkit/ai-client';

/** What callers hear while the server stops. */
export const stopping: Failure = {
  code: 'AI_CLOSED',
  status: 503,
  message: 'The server is stopping.',
  hint: 'Try again in a moment.',
  retryAfterMs: 1000,
};

/** An error of the pipeline in the words for a caller of the server, who has none that could be made anew. */
export function failureOf(error: unknown): Failure {
  const failure = toFailure(error);
  return failure.code === stopping.code ? stopping : failure;
}
