import type { Lane } from '../lane.js';
import type { Waiter } from '../queue/waiter.js';

/**
 * When only the end or the acceptance of a call helps, possibly in another process: how soon to ask again, as a fraction of the mean
 * duration of calls.
 */
const POLL_PART = 1 / 8;
const LEAST_POLL_MS = 5;
const MOST_POLL_MS = 50;

/** State of the waiting callers by the store's last answer: who was told to wait, until when, and who has not been told yet. */
export class Standing {
  readonly #lane: Lane;
  #refused: Waiter | undefined;
  /** Monotonic ms. */
  #askAt = Number.NEGATIVE_INFINITY;
  #needsRoom = false;
  #newcomers: Waiter[] = [];

  constructor(lane: Lane) {
    this.#lane = lane;
  }

  /** Nobody had to wait when the store was last asked. */
  get isFlowing(): boolean {
    return this.#refused === undefined || !this.#lane.queue.has(this.#refused);
  }

  joined(waiter: Waiter): void {
    this.#newcomers.push(waiter);
  }

  /** Milliseconds until asking is of use; 0: now. */
  msUntilAsking(now: number): number {
    const { gate, queue } = this.#lane;
    if (gate.isClosed(now)) return gate.opensAt - now;
    const isAnswered = this.#refused !== undefined && this.#refused === queue.head(now);
    return isAnswered ? Math.max(0, this.#askAt - now) : 0;
  }

  /** A lease of this process ended, or was decided; `gaveBack`: it returned part of its reservation. */
  madeRoom(gaveBack: boolean): void {
    if (gaveBack || this.#needsRoom) this.#askAt = Number.NEGATIVE_INFINITY;
  }

  /** The store answered: `refused` is the first caller that has to wait, for `waitMs` or (`null`) until another call makes room. */
  answered(refused: Waiter | undefined, waitMs: number | null, now: number): void {
    const { queue, holdMs } = this.#lane;
    this.#refused = refused;
    this.#needsRoom = refused !== undefined && waitMs === null;
    const pollMs = Math.min(MOST_POLL_MS, Math.max(LEAST_POLL_MS, holdMs * POLL_PART));
    this.#askAt = now + (waitMs ?? pollMs);
    const waiting = this.#newcomers.filter((waiter) => queue.has(waiter));
    this.#newcomers = refused === undefined ? waiting : [];
    if (refused !== undefined) for (const waiter of waiting) waiter.queued();
  }
}
