import type { LoadContext } from '../../src/index.js';

/** A load that the test completes. */
export class DeferredLoad<V> {
  calls = 0;
  signal: AbortSignal | undefined;
  readonly #gate: PromiseWithResolvers<V> = Promise.withResolvers<V>();
  readonly #begun: PromiseWithResolvers<void> = Promise.withResolvers<void>();

  readonly load: (context: LoadContext) => Promise<V> = ({ signal }) => {
    this.calls += 1;
    this.signal = signal;
    this.#begun.resolve();
    return this.#gate.promise;
  };

  /** Resolves when the load has been called. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  resolve(value: V): void {
    this.#gate.resolve(value);
  }

  reject(error: unknown): void {
    this.#gate.reject(error);
  }
}
