/** Wrong keys that one address may try in a window. */
const maxFailures = 10;
const windowMs = 60_000;
/** Addresses that are remembered at once; the oldest is forgotten for a new one. */
const maxAddresses = 10_000;

interface Window {
  readonly endsAt: number;
  failures: number;
}

/** Bounds how often an address may try a wrong key. Keys are too long to be guessed; this keeps those who try from being a load. */
export class FailedLogins {
  readonly #windows = new Map<string, Window>();
  readonly #now: () => number;

  /** `now`: a clock that never goes back, ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How long the address has to wait until it may try again, ms; 0: not at all. */
  waitMs(address: string): number {
    const window = this.#windows.get(address);
    if (window === undefined || window.failures < maxFailures) return 0;
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
