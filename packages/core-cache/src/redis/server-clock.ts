const RENEW_AFTER_MS = 30_000;

/**
 * The clock of Redis, as seen from here. A command that lay in a buffer while Redis was stopped runs once Redis resumes, long after its
 * caller has given up. Commands that must not run late carry a deadline on the clock of Redis.
 */
export class ServerClock {
  #micros = 0;
  #measuredAt: number = Number.NEGATIVE_INFINITY;

  get isOld(): boolean {
    return performance.now() - this.#measuredAt > RENEW_AFTER_MS;
  }

  /** `ask` sends `TIME`: seconds and microseconds. */
  async measure(ask: () => Promise<[seconds: string, micros: string]>): Promise<void> {
    // Taken before asking, so that the estimate is never too early.
    const askedAt = performance.now();
    const [seconds, micros] = await ask();
    this.#micros = Number(seconds) * 1e6 + Number(micros);
    this.#measuredAt = askedAt;
  }

  /** The time on the clock of Redis `ms` milliseconds from now, in microseconds since the epoch. */
  in(ms: number): number {
    return Math.ceil(this.#micros + (performance.now() - this.#measuredAt + ms) * 1000);
  }
}
