import type { Clock } from './clock.js';

/** One timer, set to the earliest of the requested times. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  readonly #isQuiet: boolean;
  #cancel: (() => void) | undefined;
  #dueAt = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, ring: () => void, isQuiet = false) {
    this.#clock = clock;
    this.#ring = ring;
    this.#isQuiet = isQuiet;
  }

  /** Rings no later than `at` (monotonic ms). */
  wakeBy(at: number): void {
    if (at >= this.#dueAt || at === Number.POSITIVE_INFINITY) return;
    this.stop();
    this.#dueAt = at;
    this.#cancel = this.#clock.schedule(
      () => {
        this.#cancel = undefined;
        this.#dueAt = Number.POSITIVE_INFINITY;
        this.#ring();
      },
      Math.max(0, at - this.#clock.now()),
      this.#isQuiet,
    );
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#dueAt = Number.POSITIVE_INFINITY;
  }
}
