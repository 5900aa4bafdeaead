import { Alarm } from '../alarm.js';
import type { Clock } from '../clock.js';

/** What is to be told goes along with the next step, or after so long by itself. */
const FLUSH_MS = 20;
/** A process that has leases open or callers waiting is heard at least so often: well within `LEASE_TTL_MS`. */
const HEARTBEAT_MS = 1500;

/** When to speak although nobody asks. Never keeps the process alive. */
export class Pulse {
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  #spokeAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#alarm = new Alarm(clock, ring, true);
  }

  /** A heartbeat is due. */
  get isDue(): boolean {
    return this.#clock.now() >= this.#spokeAt + HEARTBEAT_MS;
  }

  spoke(): void {
    this.#spokeAt = this.#clock.now();
  }

  flushLater(): void {
    this.wakeIn(FLUSH_MS);
  }

  beatLater(): void {
    this.#alarm.wakeBy(this.#spokeAt + HEARTBEAT_MS);
  }

  wakeIn(ms: number): void {
    this.#alarm.wakeBy(this.#clock.now() + ms);
  }

  stop(): void {
    this.#alarm.stop();
  }
}
