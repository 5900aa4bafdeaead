import { callGranted, gateClosed, limitLearned } from './channels.js';
import type { Clock } from './clock.js';
import { EffectiveLimits } from './effective-limits.js';
import { FailureStreak } from './failure-streak.js';
import { Gate } from './gate.js';
import { type HeaderSource, headerLookup } from './headers/header-source.js';
import { type RateLimitHeaders, rateLimitHeadersOf, tellsOfLimits } from './headers/rate-limit-headers.js';
import { retryAfterOf } from './headers/retry-after.js';
import type { LimitHistory } from './history.js';
import type { Reading } from './learned-limits.js';
import { type Lease, type LeaseHolder, OpenLease, type Usage } from './lease.js';
import type { AcquireRequest } from './limiter-options.js';
import { type Demand, type Limits, minus, plus } from './limits.js';
import { MemoryQuota } from './memory-quota.js';
import { Probe } from './probe.js';
import { FairQueue } from './queue/fair-queue.js';
import type { LaneLink } from './shared/lane-link.js';
import { Mirror } from './shared/mirror.js';
import type { Stamp } from './shared/outbox.js';
import { TokenEstimate } from './token-estimate.js';
import { Undecided } from './undecided.js';
import { WaitCounter } from './waits.js';

/** Ends of pauses that are no further apart than this count as the same: that is how long the news travels. */
const SAME_MS = 100;
/** Shorter waits do not count: the call was only on its way to a store and back. */
const LEAST_WAIT_MS = 20;

export interface LaneOptions {
  readonly key: string;
  readonly limits: Limits;
  readonly ageingMs: number;
  readonly adaptive: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly history: LimitHistory;
  /** Something was given back or opened up: waiting callers may have a chance now. */
  readonly onRoom: (lane: Lane) => void;
}

/** Everything about one key: what may be taken, whether it is closed, who waits, what was learned. */
export class Lane implements LeaseHolder {
  readonly key: string;
  readonly quota: MemoryQuota = new MemoryQuota();
  readonly queue: FairQueue;
  readonly gate: Gate;
  readonly history: LimitHistory;
  readonly waits: WaitCounter = new WaitCounter();
  readonly counts = { granted: 0, refused: 0, shed: 0, rateLimited: 0, failed: 0 };
  readonly inputEstimate: TokenEstimate = new TokenEstimate();
  readonly outputEstimate: TokenEstimate = new TokenEstimate();
  /** The limits were set for this key by name, not by default: the lane is never dropped. */
  pinned = false;
  /** When to look at the queue again; monotonic ms. */
  wakeAt: number = Number.POSITIVE_INFINITY;
  /** Monotonic ms. */
  usedAt: number;
  /** Running mean of how long leases are held. */
  holdMs = 0;
  readonly #clock: Clock;
  readonly #onRoom: (lane: Lane) => void;
  readonly #probe: Probe;
  readonly limits: EffectiveLimits;
  readonly #failures: FailureStreak;
  readonly #undecided = new Undecided();
  #link: LaneLink | undefined;
  /** Successes are reported, so settlements need not stand in for them. */
  #reported = false;

  constructor(options: LaneOptions) {
    this.key = options.key;
    this.history = options.history;
    this.#clock = options.clock;
    this.#onRoom = options.onRoom;
    this.queue = new FairQueue(options.ageingMs);
    this.gate = new Gate(options.random);
    this.#failures = new FailureStreak(options.random);
    this.#probe = new Probe(options.adaptive);
    this.limits = new EffectiveLimits(this.quota, this.#probe);
    this.usedAt = options.clock.now();
    this.setLimits(options.limits);
  }

  /** The link to other processes; `undefined` if the lane counts alone. */
  get link(): LaneLink | undefined {
    return this.#link;
  }

  tie(connect: (mirror: Mirror) => LaneLink, processes: number): void {
    const mirror = new Mirror({
      key: this.key,
      quota: this.quota,
      limits: this.limits,
      probe: this.#probe,
      processes,
    });
    this.#link = connect(mirror);
  }

  /** What to reserve for a request. Amounts that it leaves out are estimated, but never so high that it could not be served. */
  demandOf(request: Pick<AcquireRequest, 'inputTokens' | 'outputTokens' | 'minInputTokens'>): Demand {
    let inputTokens = request.inputTokens ?? Math.max(this.inputEstimate.value, request.minInputTokens ?? 0);
    let outputTokens = request.outputTokens ?? this.outputEstimate.value;
    const demand = { requests: 1, inputTokens, outputTokens };
    if (this.quota.exceededBy(demand) === undefined) return demand;
    const total = this.limits.limitOf('tokensPerMinute');
    if (request.outputTokens === undefined) {
      outputTokens = Math.min(
        outputTokens,
        this.limits.limitOf('outputTokensPerMinute'),
        Math.max(0, total - inputTokens),
      );
    }
    if (request.inputTokens === undefined) {
      inputTokens = Math.min(
        inputTokens,
        this.limits.limitOf('inputTokensPerMinute'),
        Math.max(0, total - outputTokens),
      );
    }
    return { requests: 1, inputTokens, outputTokens };
  }

  /** Number of this process's calls that count against the window at `now`. */
  undecidedAt(now: number): number {
    const kept = this.#undecided.takeKept(now);
    for (let count = 0; count < kept; count++) this.#probe.kept(now);
    if (kept > 0) this.#link?.kept(kept);
    return this.#undecided.size;
  }

  /** Takes the demand and returns 0, or returns the milliseconds to wait; `Infinity` if only the end of a lease can help. */
  reserve(demand: Demand, now: number): number {
    if (this.gate.isClosed(now)) return this.gate.opensAt - now;
    const isFull = this.#undecided.size >= this.#probe.window && this.undecidedAt(now) >= this.#probe.window;
    if (isFull) return this.#undecided.msUntilKept(now);
    const waitMs = this.quota.reserve(demand, now);
    if (waitMs === 0) {
      this.granted(now);
      this.#link?.tookAlone(demand);
    }
    return waitMs;
  }

  lease(demand: Demand, takenAt: number, waitedMs: number, stamp?: Stamp): Lease {
    if (waitedMs >= LEAST_WAIT_MS) {
      this.waits.add(waitedMs);
      this.history.waited(this.key, waitedMs);
    }
    if (callGranted.hasSubscribers) {
      const { inputTokens, outputTokens } = demand;
      callGranted.publish({ key: this.key, waitedMs, inputTokens, outputTokens });
    }
    const lease = new OpenLease(this, demand, takenAt, waitedMs, stamp);
    if (Number.isFinite(this.#probe.window)) this.#undecided.add(lease);
    return lease;
  }

  granted(now: number): void {
    this.counts.granted += 1;
    this.usedAt = now;
  }

  /** Estimated milliseconds until a caller who joins now is served. */
  expectedWaitMs(demand: Demand, priority: number, tenant: string, now: number): number {
    this.#link?.mirror.forgetOthers(now);
    const own = this.queue.ahead(priority, tenant);
    const ahead = this.#link === undefined ? own : plus(own, this.#link.mirror.waitingElsewhere);
    const { inFlight, maxConcurrent } = this.quota;
    const rounds = Math.max(0, inFlight + ahead.requests + 1 - maxConcurrent) / maxConcurrent;
    const slotsMs = Number.isFinite(maxConcurrent) ? rounds * this.holdMs : 0;
    const backlogMs = this.quota.backlogMs(ahead, demand, now, (steadyMs) => this.limits.growingMs(steadyMs));
    return Math.max(0, this.gate.opensAt - now, backlogMs, slotsMs);
  }

  get learned(): boolean {
    return this.limits.learned;
  }

  setLimits(limits: Limits): void {
    this.limits.configure(limits, this.#clock.now());
    this.#link?.configured(limits);
    this.#onRoom(this);
  }

  observe(headers: HeaderSource): void {
    if (!tellsOfLimits(headers)) return;
    const told = rateLimitHeadersOf(headerLookup(headers), this.#clock.wallNow());
    this.#learned(this.limits.learn(told, this.#clock.now()));
    this.#onRoom(this);
  }

  succeeded(): void {
    this.#reported = true;
    this.#succeeded(this.#clock.now());
    this.#onRoom(this);
  }

  accepted(lease: OpenLease): void {
    if (this.#undecided.delete(lease)) this.#link?.decided();
    this.succeeded();
  }

  failed(): number {
    this.counts.failed += 1;
    return this.#failures.failed(this.#clock.now());
  }

  rateLimited(headers: HeaderSource): number {
    const now = this.#clock.now();
    this.counts.rateLimited += 1;
    const lookup = headerLookup(headers);
    const told = rateLimitHeadersOf(lookup, this.#clock.wallNow());
    this.#learned(this.limits.learn(told, now));
    const askedMs = retryAfterOf(lookup, this.#clock.wallNow());
    const pauseMs = this.gate.rateLimited(askedMs, resetOf(told), now);
    this.history.rateLimited(this.key, pauseMs, askedMs);
    this.limits.rateLimited(now, this.holdMs);
    this.#link?.rateLimited();
    if (gateClosed.hasSubscribers) gateClosed.publish({ key: this.key, forMs: pauseMs, elsewhere: false });
    return pauseMs;
  }

  /** Another process saw a 429. */
  closedElsewhere(forMs: number, now: number): void {
    const isNew = now + forMs > this.gate.opensAt + SAME_MS;
    this.gate.keepClosed(now + forMs, now);
    if (isNew && gateClosed.hasSubscribers) gateClosed.publish({ key: this.key, forMs, elsewhere: true });
  }

  settled(lease: OpenLease, usage: Usage | undefined): void {
    const now = this.#clock.now();
    const { demand } = lease;
    const cached = Math.min(usage?.cachedInputTokens ?? 0, usage?.inputTokens ?? 0);
    const input = (usage?.inputTokens ?? demand.inputTokens) - cached * (1 - this.limits.cachedInputWeight);
    const output = usage?.outputTokens ?? demand.outputTokens;
    // A call that used nothing was turned away: it neither succeeded nor says what others will use.
    if (usage !== undefined && (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0) > 0) {
      if (usage.inputTokens !== undefined) this.inputEstimate.add(input);
      if (usage.outputTokens !== undefined) this.outputEstimate.add(output);
      if (!this.#reported) this.#succeeded(now);
    }
    this.#end(lease, { requests: demand.requests, inputTokens: input, outputTokens: output }, now);
  }

  released(lease: OpenLease): void {
    this.#end(lease, { requests: 0, inputTokens: 0, outputTokens: 0 }, this.#clock.now());
  }

  #learned(readings: readonly Reading[]): void {
    this.#link?.told(readings);
    if (!limitLearned.hasSubscribers) return;
    for (const { dimension, limitChanged } of readings) {
      const limit = this.limits.learnedOf(dimension)?.limit;
      if (limitChanged && limit !== undefined) {
        limitLearned.publish({ key: this.key, dimension, limit, elsewhere: false });
      }
    }
  }

  #succeeded(now: number): void {
    this.gate.succeeded();
    this.#failures.succeeded();
    this.limits.succeeded(now);
    this.#link?.succeeded();
  }

  #end(lease: OpenLease, actual: Demand, now: number): void {
    this.#undecided.delete(lease);
    const heldMs = now - lease.takenAt;
    this.holdMs = this.holdMs === 0 ? heldMs : this.holdMs + (heldMs - this.holdMs) / 8;
    if (this.#link === undefined) this.quota.settle(lease.demand, actual, lease.takenAt, now);
    else this.#link.ended(lease, minus(actual, lease.demand), now);
    this.#onRoom(this);
  }
}

/** The longest reset among the limits that are used up. */
function resetOf(headers: RateLimitHeaders): number | undefined {
  let resetMs: number | undefined;
  for (const limit of [headers.requests, headers.tokens, headers.inputTokens, headers.outputTokens]) {
    if (limit?.remaining === 0 && limit.resetMs !== undefined)
      resetMs = Math.max(resetMs ?? 0, limit.resetMs);
  }
  return resetMs;
}
