const MAX_TIMER_MS = 2 ** 31 - 1;

/** Settles as `work` does, or rejects with the result of `late` after `timeoutMs`. The work itself goes on. */
export function bounded<T>(work: Promise<T>, timeoutMs: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), Math.min(timeoutMs, MAX_TIMER_MS));
    timer.unref();
    work.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error as Error);
      },
    );
  });
}
