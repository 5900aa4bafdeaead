import type { OpenLease } from './lease.js';
import { PROBE } from './probe.js';

/** Calls in flight that the provider has neither accepted nor turned away yet. */
export class Undecided {
  /** In the order in which they were taken. */
  readonly #leases = new Set<OpenLease>();

  get size(): number {
    return this.#leases.size;
  }

  add(lease: OpenLease): void {
    this.#leases.add(lease);
  }

  /** False if it was decided before. */
  delete(lease: OpenLease): boolean {
    return this.#leases.delete(lease);
  }

  /** Removes the calls that have not been turned away for so long that they hardly will be, and returns their number. */
  takeKept(now: number): number {
    let count = 0;
    for (const lease of this.#leases) {
      if (lease.takenAt + PROBE.keptMs > now) break;
      this.#leases.delete(lease);
      count += 1;
    }
    return count;
  }

  /** Milliseconds until `takeKept` finds the next one; `Infinity` if there is none. */
  msUntilKept(now: number): number {
    for (const { takenAt } of this.#leases) return takenAt + PROBE.keptMs - now;
    return Number.POSITIVE_INFINITY;
  }
}
