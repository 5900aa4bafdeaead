/**
 * Calls a listener supplied by the caller. What it throws does not affect the call: it becomes an uncaught exception, as in an event
 * listener of Node or a browser.
 */
export function tell<T>(listener: ((said: T) => void) | undefined, said: T): void {
  try {
    listener?.(said);
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}
