/** Callers in this process that wait for other processes to finish a load. */
export class LeaseWaiters {
  readonly #waiting: Map<string, Set<() => void>> = new Map();

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Starts listening at once. `woken` resolves at the first `wake` since then, or after `limitMs`. */
  listen(name: string): { woken(limitMs: number): Promise<void>; end(): void } {
    const woke = Promise.withResolvers<void>();
    const waiting = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, waiting.add(woke.resolve));
    return {
      async woken(limitMs): Promise<void> {
        // Keeps the process alive, because a caller is waiting.
        const timer = setTimeout(woke.resolve, limitMs);
        await woke.promise;
        clearTimeout(timer);
      },
      end: () => {
        waiting.delete(woke.resolve);
        if (waiting.size === 0 && this.#waiting.get(name) === waiting) this.#waiting.delete(name);
      },
    };
  }

  wake(name: string): void {
    for (const resolve of this.#waiting.get(name) ?? []) resolve();
  }

  wakeAll(): void {
    for (const name of this.#waiting.keys()) this.wake(name);
  }
}
