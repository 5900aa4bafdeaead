import { type Demand, minus, NOTHING, plus } from '../limits.js';
import { IndexedHeap } from './indexed-heap.js';
import { TenantLine } from './tenant-line.js';
import type { Waiter } from './waiter.js';

/** Most tenants without waiting callers whose service is remembered. */
const MOST_ABSENT = 1000;

/**
 * Decides who goes next. Within a tenant: the more urgent caller, then the earlier; waiting makes callers more urgent. Between tenants: the
 * more urgent, then the one that was served the least (start-time fair queueing over dominant shares). The next caller is waited for
 * however large its demand, so small requests cannot starve a large one.
 */
export class FairQueue {
  readonly #ageingMs: number;
  readonly #lines = new Map<string, TenantLine>();
  /** Service of tenants that have no caller waiting at the moment: one that comes back while others wait has had its share already. */
  readonly #absent = new Map<string, number>();
  readonly #expiries = new IndexedHeap<Waiter>((a, b) => a.expiresAt < b.expiresAt);
  /** Demand of the waiting callers, by priority. */
  readonly #waiting = new Map<number, Demand>();
  /** Service of the last served tenant when it was chosen: where a tenant that joins starts. */
  #virtualTime = 0;

  constructor(ageingMs: number) {
    this.#ageingMs = ageingMs;
  }

  get size(): number {
    return this.#expiries.size;
  }

  get tenants(): number {
    return this.#lines.size;
  }

  push(waiter: Waiter): void {
    let line = this.#lines.get(waiter.tenant);
    if (line === undefined) {
      const before = this.#absent.get(waiter.tenant) ?? 0;
      this.#absent.delete(waiter.tenant);
      line = new TenantLine(Math.max(this.#virtualTime, before), this.#ageingMs);
      this.#lines.set(waiter.tenant, line);
    }
    line.waiters.push(waiter);
    this.#expiries.push(waiter);
    this.#count(waiter, 1);
  }

  /** The caller whose turn it is next. */
  head(now: number): Waiter | undefined {
    return this.#next(now)?.waiters.peek();
  }

  /** The callers that would be served next, in order, if each took `share` of the limits; changes nothing. */
  first(count: number, share: (demand: Demand) => number, now: number): Waiter[] {
    const before = new Map<TenantLine, { readonly service: number; readonly lastServedAt: number }>();
    const drawn: Waiter[] = [];
    for (let line = this.#next(now); line !== undefined && drawn.length < count; line = this.#next(now)) {
      const waiter = line.waiters.peek();
      if (waiter === undefined) break;
      if (!before.has(line)) before.set(line, { service: line.service, lastServedAt: line.lastServedAt });
      line.service += share(waiter.demand);
      line.lastServedAt = now;
      line.waiters.remove(waiter);
      drawn.push(waiter);
    }
    for (const waiter of drawn) this.#lines.get(waiter.tenant)?.waiters.push(waiter);
    for (const [line, state] of before) Object.assign(line, state);
    return drawn;
  }

  /** Removes a caller that was served; `share` is what it took of the limits. */
  serve(waiter: Waiter, share: number, now: number): void {
    const line = this.#lines.get(waiter.tenant);
    if (line === undefined) return;
    this.#virtualTime = Math.max(this.#virtualTime, line.service);
    line.service += share;
    line.lastServedAt = now;
    this.remove(waiter);
  }

  /** Removes a caller that gave up or was refused; false if it is not here. */
  remove(waiter: Waiter): boolean {
    const line = this.#lines.get(waiter.tenant);
    if (line === undefined || !line.waiters.remove(waiter)) return false;
    this.#expiries.remove(waiter);
    this.#count(waiter, -1);
    if (line.waiters.size === 0) this.#close(waiter.tenant, line.service);
    return true;
  }

  /** The caller whose patience ends first. */
  firstToExpire(): Waiter | undefined {
    return this.#expiries.peek();
  }

  /** Whether anyone of a lower priority waits. */
  hasBelow(priority: number): boolean {
    for (const level of this.#waiting.keys()) if (level < priority) return true;
    return false;
  }

  /** The least urgent caller, and of several the youngest: the one to drop when someone more urgent finds the queue full. */
  leastUrgent(): Waiter | undefined {
    let last: Waiter | undefined;
    for (const waiter of this.#expiries.values()) {
      if (
        last === undefined ||
        waiter.priority < last.priority ||
        (waiter.priority === last.priority && waiter.sequence > last.sequence)
      ) {
        last = waiter;
      }
    }
    return last;
  }

  /**
   * Estimated demand that is served before a caller of this priority and tenant that joins now: everyone at least as urgent, but of other
   * tenants no more than fairness grants them.
   */
  ahead(priority: number, tenant: string): Demand {
    const own = this.#lines.get(tenant)?.waiters.size ?? 0;
    let sum = NOTHING;
    for (const [level, demand] of this.#waiting) if (level >= priority) sum = plus(sum, demand);
    const fairRequests = (own + 1) * (this.#lines.size + (own === 0 ? 1 : 0)) - 1;
    return sum.requests <= fairRequests ? sum : scaled(sum, fairRequests / sum.requests);
  }

  /** Total demand of all waiting callers. */
  demand(): Demand {
    let sum = NOTHING;
    for (const demand of this.#waiting.values()) sum = plus(sum, demand);
    return sum;
  }

  has(waiter: Waiter): boolean {
    return this.#expiries.has(waiter);
  }

  /** All waiting callers, in no particular order. */
  all(): Waiter[] {
    return [...this.#expiries.values()];
  }

  #next(now: number): TenantLine | undefined {
    let best: TenantLine | undefined;
    let bestUrgency = Number.NEGATIVE_INFINITY;
    for (const line of this.#lines.values()) {
      // A single tenant, the usual case, needs no comparison.
      if (this.#lines.size === 1) return line;
      const urgency = line.urgency(now);
      if (best === undefined || urgency > bestUrgency || (urgency === bestUrgency && earlier(line, best))) {
        best = line;
        bestUrgency = urgency;
      }
    }
    return best;
  }

  #close(tenant: string, service: number): void {
    this.#lines.delete(tenant);
    if (this.#lines.size === 0) this.#absent.clear();
    else if (service > this.#virtualTime) this.#absent.set(tenant, service);
    if (this.#absent.size <= MOST_ABSENT) return;
    const [oldest] = this.#absent.keys();
    if (oldest !== undefined) this.#absent.delete(oldest);
  }

  #count(waiter: Waiter, sign: 1 | -1): void {
    const before = this.#waiting.get(waiter.priority) ?? NOTHING;
    const sum = sign === 1 ? plus(before, waiter.demand) : minus(before, waiter.demand);
    if (sum.requests > 0) this.#waiting.set(waiter.priority, sum);
    else this.#waiting.delete(waiter.priority);
  }
}

function earlier(a: TenantLine, b: TenantLine): boolean {
  if (a.service !== b.service) return a.service < b.service;
  if (a.lastServedAt !== b.lastServedAt) return a.lastServedAt < b.lastServedAt;
  return (a.waiters.peek()?.sequence ?? 0) < (b.waiters.peek()?.sequence ?? 0);
}

function scaled(demand: Demand, by: number): Demand {
  return {
    requests: demand.requests * by,
    inputTokens: demand.inputTokens * by,
    outputTokens: demand.outputTokens * by,
  };
}
