import { Alarm } from '../alarm.js';
import type { Clock } from '../clock.js';

/** News goes with the next step, or by itself after this time. */
const FLUSH_MS = 20;
/** A process with open leases or waiting callers reports at least this often: well within `LEASE_TTL_MS`. */
const HEARTBEAT_MS = 1500;

/** Decides when to report although nobody asks. Never keeps the process alive. */
export class Pulse {
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  #spokeAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#alarm = new Alarm(clock, ring, true);
  }

  /** Whether a heartbeat is due. */
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
