const RENEW_AFTER_MS = 30_000;

/**
 * The clock of Redis, as seen from here. A command that lay in a buffer while Redis was stopped is carried out once it goes on, when
 * its caller has long given up. Those that must not be late carry a time after which Redis is to leave them undone.
 */
export class ServerClock {
  #micros = 0;
  #measuredAt: number = Number.NEGATIVE_INFINITY;

  get isOld(): boolean {
    return performance.now() - this.#measuredAt > RENEW_AFTER_MS;
  }

  /** `ask` sends `TIME`: seconds and microseconds. */
  async measure(ask: () => Promise<[seconds: string, micros: string]>): Promise<void> {
    // From before the question, so that the estimate is never too early.
    const askedAt = performance.now();
    const [seconds, micros] = await ask();
    this.#micros = Number(seconds) * 1e6 + Number(micros);
    this.#measuredAt = askedAt;
  }

  /** Microseconds since the epoch, by Redis, in so many milliseconds from now. */
  in(ms: number): number {
    return Math.ceil(this.#micros + (performance.now() - this.#measuredAt + ms) * 1000);
  }
}
