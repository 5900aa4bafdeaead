/**
 * Work that several callers wait for. A caller may leave through its signal without disturbing the others; when the last one leaves, the
 * work's own signal aborts.
 */
export class Flight<T> {
  /** False once something newer (a write, a delete, a clear, an abort) makes the result not worth keeping. */
  isCurrent = true;
  readonly #controller: AbortController = new AbortController();
  readonly #promise: Promise<T>;
  readonly #onAbandoned: () => void;
  #waiters = 0;

  constructor(work: (signal: AbortSignal, flight: Flight<T>) => Promise<T>, onAbandoned: () => void) {
    this.#onAbandoned = onAbandoned;
    this.#promise = work(this.#controller.signal, this);
    // Waiters get the rejection through `join`; with none left it must not go unhandled.
    this.#promise.catch(() => {});
  }

  join(signal: AbortSignal | undefined): Promise<T> {
    // A signal that has already aborted fires no event.
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    this.#waiters += 1;
    if (signal === undefined) return this.#promise;
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        this.#waiters -= 1;
        if (this.#waiters === 0)
          this.abort(new DOMException('Nobody waits for the value any more', 'AbortError'));
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  abort(reason: unknown): void {
    this.isCurrent = false;
    this.#onAbandoned();
    this.#controller.abort(reason);
  }
}
