import type { OpenLease } from './lease.js';
import { PROBE } from './probe.js';

/** Calls that are under way, and of which it is not known yet whether the provider takes them or turns them away. */
export class Undecided {
  /** In the order in which they were taken. */
  readonly #leases = new Set<OpenLease>();

  get size(): number {
    return this.#leases.size;
  }

  add(lease: OpenLease): void {
    this.#leases.add(lease);
  }

  /** False when it was decided before. */
  delete(lease: OpenLease): boolean {
    return this.#leases.delete(lease);
  }

  /** Takes out those that were not turned away for so long that they hardly will be, and returns how many they were. */
  takeKept(now: number): number {
    let count = 0;
    for (const lease of this.#leases) {
      if (lease.takenAt + PROBE.keptMs > now) break;
      this.#leases.delete(lease);
      count += 1;
    }
    return count;
  }

  /** Milliseconds until `takeKept` finds the next one; `Infinity` when there is none. */
  msUntilKept(now: number): number {
    for (const { takenAt } of this.#leases) return takenAt + PROBE.keptMs - now;
    return Number.POSITIVE_INFINITY;
  }
}
