import { storeChanged } from '../channels.js';
import type { Clock } from '../clock.js';

/** Whether limits are shared now, or each process counts alone because the store cannot be used. */
export type StoreState = 'ready' | 'unavailable';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/** Health of the store as one limiter sees it: after a failure it is left alone for a while, longer each time. */
export class StoreHealth {
  readonly #clock: Clock;
  readonly #random: () => number;
  #pauseMs = FIRST_PAUSE_MS;
  #retryAt = 0;
  #state: StoreState = 'ready';
  #wasHeard = false;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  get state(): StoreState {
    return this.#state;
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** Whether the store has answered or failed yet. */
  get wasHeard(): boolean {
    return this.#wasHeard;
  }

  /** When to ask again; monotonic ms. */
  get retryAt(): number {
    return this.#retryAt;
  }

  /** Whether this caller may ask again; nobody else may until the next pause is over. */
  mayRetry(): boolean {
    const now = this.#clock.now();
    if (now < this.#retryAt) return false;
    this.#pause(now);
    return true;
  }

  succeeded(): void {
    this.#wasHeard = true;
    if (this.#state === 'ready') return;
    this.#state = 'ready';
    this.#pauseMs = FIRST_PAUSE_MS;
    if (storeChanged.hasSubscribers) storeChanged.publish({ state: 'ready' });
  }

  failed(error: unknown): void {
    this.#wasHeard = true;
    if (this.#state === 'unavailable') return;
    this.#state = 'unavailable';
    this.#pause(this.#clock.now());
    if (storeChanged.hasSubscribers) storeChanged.publish({ state: 'unavailable', error });
  }

  #pause(now: number): void {
    this.#retryAt = now + this.#pauseMs * (0.5 + this.#random() / 2);
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }
}
