/** The result of `work`, or `undefined` on timeout, abort or failure; the work itself goes on. Never rejects. */
export function within<T>(
  work: Promise<T | undefined>,
  limitMs: number,
  signal: AbortSignal,
): Promise<T | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const finish = (value?: T): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(value);
    };
    const onAbort = (): void => finish();
    const timer = setTimeout(finish, Math.min(limitMs, 2 ** 31 - 1)).unref();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(finish, () => finish());
  });
}
