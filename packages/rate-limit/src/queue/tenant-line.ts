import { IndexedHeap } from './indexed-heap.js';
import type { Waiter } from './waiter.js';

/** The waiting callers of one tenant, most urgent first. */
export class TenantLine {
  /** What this tenant has been served so far, in shares of the limits; the least served goes first. */
  service: number;
  /** Monotonic ms. */
  lastServedAt: number = Number.NEGATIVE_INFINITY;
  readonly waiters: IndexedHeap<Waiter>;
  readonly #ageingMs: number;

  constructor(service: number, ageingMs: number) {
    this.service = service;
    this.#ageingMs = ageingMs;
    // Everyone ages alike, so the order of two callers never changes while they wait, and one heap is enough: one level of urgency is worth
    // having come `ageingMs` earlier.
    const rank = (waiter: Waiter): number => waiter.enqueuedAt - waiter.priority * ageingMs;
    this.waiters = new IndexedHeap(
      (a, b) => rank(a) < rank(b) || (rank(a) === rank(b) && a.sequence < b.sequence),
    );
  }

  /**
   * How urgent the first caller is compared with those of other tenants: its priority, plus one level per `ageingMs` since it came or since
   * its tenant was last served, whichever is later. So a long line does not make a tenant more urgent.
   */
  urgency(now: number): number {
    const head = this.waiters.peek();
    if (head === undefined) return Number.NEGATIVE_INFINITY;
    return head.priority + Math.floor((now - Math.max(head.enqueuedAt, this.lastServedAt)) / this.#ageingMs);
  }
}
