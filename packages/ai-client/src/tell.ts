/**
 * Tells a listener of the caller's. What it throws reaches no call: as with an event listener of Node or a browser, it is an
 * uncaught exception.
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
