/** Wrong keys allowed per address and window, for all workers together. */
const maxFailures = 10;
const windowMs = 60_000;
/** Addresses tracked at once; beyond that, a new one evicts the oldest. */
const maxAddresses = 10_000;

interface Window {
  readonly endsAt: number;
  failures: number;
}

/** Limits how often an address may try a wrong key. Keys are too long to be guessed; this bounds the load of attempts. */
export class FailedLogins {
  readonly #windows = new Map<string, Window>();
  readonly #allowed: number;
  readonly #now: () => number;

  /** `workers`: processes that share the port and count for themselves. `now`: a monotonic clock, ms. */
  constructor(workers: number, now: () => number = () => performance.now()) {
    this.#allowed = Math.ceil(maxFailures / workers);
    this.#now = now;
  }

  /** Time until the address may try again, ms; 0 if it may now. */
  waitMs(address: string): number {
    const window = this.#windows.get(address);
    if (window === undefined || window.failures < this.#allowed) return 0;
    return Math.max(0, window.endsAt - this.#now());
  }

  note(address: string): void {
    const now = this.#now();
    const window = this.#windows.get(address);
    if (window !== undefined && now < window.endsAt) {
      window.failures += 1;
      return;
    }
    this.#windows.delete(address);
    const [oldest] = this.#windows.keys();
    if (this.#windows.size >= maxAddresses && oldest !== undefined) this.#windows.delete(oldest);
    this.#windows.set(address, { endsAt: now + windowMs, failures: 1 });
  }
}
