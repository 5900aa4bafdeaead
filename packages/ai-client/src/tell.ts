import type { ExchangeFacts, ExchangeSink } from './exchange.js';

/**
 * Calls a listener supplied by the caller. What it throws does not affect the call: it becomes an uncaught exception, as in an event
 * listener of Node or a browser.
 */
export function tell<T>(listener: ((said: T) => void) | undefined, said: T): void {
  try {
    listener?.(said);
  } catch (error) {
    throwLater(error);
  }
}

/** Tells a sink of an error. What it throws then affects nobody: it can be told no more, so that becomes an uncaught exception too. */
export function tellError(sink: ExchangeSink, error: unknown, facts: ExchangeFacts): void {
  try {
    sink.onError(error, facts);
  } catch (thrown) {
    throwLater(thrown);
  }
}

function throwLater(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
