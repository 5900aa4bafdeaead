import { LimitError } from './errors.js';
import type { QueuePlace } from './limiter-options.js';
import type { Dimension } from './limits.js';

/** Errors for callers that are not let through: one function for each reason. */

export function circuitOpen(key: string, failures: number, retryAfterMs: number): LimitError {
  return new LimitError(
    'LIMIT_CIRCUIT_OPEN',
    `'${key}' failed ${failures} times in a row and is left alone for a while.`,
    {
      hint: `${comeBackIn(retryAfterMs)}, or ask another upstream.`,
      retryable: true,
      retryAfterMs,
    },
  );
}

export function closed(): LimitError {
  return new LimitError('LIMIT_CLOSED', 'The limiter is closed.', {
    hint: 'Create a new limiter, or close this one only after the last call.',
    retryable: false,
  });
}

export function tooLarge(key: string, dimension: Dimension, limit: number, amount: number): LimitError {
  return new LimitError(
    'LIMIT_TOO_LARGE',
    `A request of ${amount} exceeds the ${dimension} of ${limit} of '${key}' by itself.`,
    {
      hint: 'Make the request smaller or raise the limit; waiting cannot help.',
      retryable: false,
    },
  );
}

export function queueFull(key: string, length: number, place: QueuePlace): LimitError {
  const retryAfterMs = comeBackAfter(place);
  return new LimitError('LIMIT_QUEUE_FULL', `${length} callers wait for '${key}' already.`, {
    hint: `${comeBackIn(retryAfterMs)}, send fewer calls at once, or raise queue.maxLength.`,
    retryable: true,
    retryAfterMs,
    place,
  });
}

export function shed(key: string, place: QueuePlace): LimitError {
  const retryAfterMs = comeBackAfter(place);
  return new LimitError('LIMIT_SHED', `A more urgent caller took the place in the full queue of '${key}'.`, {
    hint: `${comeBackIn(retryAfterMs)}, or with a higher priority.`,
    retryable: true,
    retryAfterMs,
    place,
  });
}

export function waitTooLong(key: string, patienceMs: number, place: QueuePlace, open: number): LimitError {
  const retryAfterMs = comeBackAfter(place);
  return new LimitError(
    'LIMIT_WAIT_TOO_LONG',
    `The turn for '${key}' does not come within ${Math.round(patienceMs)} ms (${open} calls are open).`,
    {
      hint: `${comeBackIn(retryAfterMs)}, or allow a longer wait (deadlineMs, queue.maxWaitMs). If calls stay open, settle or release every lease.`,
      retryable: true,
      retryAfterMs,
      place,
    },
  );
}

/** A pause is better than none even if the wait cannot be predicted, such as how long other calls stay open. Ms. */
function comeBackAfter({ expectedWaitMs }: QueuePlace): number {
  return expectedWaitMs > 0 ? expectedWaitMs : 1000;
}

/**
 * The beginning of a hint. Spells out the time, because hints are also read where an error's fields are not shown: on a terminal or in a
 * response.
 */
export function comeBackIn(retryAfterMs: number): string {
  return `Come back in ${Math.ceil(retryAfterMs / 100) / 10} s`;
}
