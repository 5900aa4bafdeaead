import type { Clock } from './clock.js';
import { Gate } from './gate.js';
import { type HeaderSource, headerLookup } from './headers/header-source.js';
import { type RateLimitHeaders, rateLimitHeadersOf } from './headers/rate-limit-headers.js';
import { retryAfterOf } from './headers/retry-after.js';
import { LearnedLimits } from './learned-limits.js';
import type { LeaseHolder, OpenLease, Usage } from './lease.js';
import { type Demand, DIMENSIONS, type Dimension, type Limits } from './limits.js';
import { MemoryQuota } from './memory-quota.js';
import { type Known, Probe } from './probe.js';
import { FairQueue } from './queue/fair-queue.js';
import type { LimitSetting, Quota } from './quota.js';
import { TokenEstimate } from './token-estimate.js';

const DEFAULT_BURST_MS = 500;

export interface LaneOptions {
  readonly key: string;
  readonly limits: Limits;
  readonly ageingMs: number;
  readonly adaptive: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  /** Something was given back or opened up: those who wait may have a chance now. */
  readonly onRoom: (lane: Lane) => void;
}

/** Everything about one key: what may be taken, whether it is closed, who waits, what was learned. */
export class Lane implements LeaseHolder {
  readonly key: string;
  readonly quota: Quota = new MemoryQuota();
  readonly queue: FairQueue;
  readonly gate: Gate;
  readonly counts = { granted: 0, refused: 0, shed: 0, rateLimited: 0, failed: 0 };
  readonly inputEstimate: TokenEstimate = new TokenEstimate();
  readonly outputEstimate: TokenEstimate = new TokenEstimate();
  /** Limits set by name, not by the default: such a lane is never dropped. */
  pinned = false;
  /** When to look at the queue again; monotonic ms. */
  wakeAt: number = Number.POSITIVE_INFINITY;
  /** Monotonic ms. */
  usedAt: number;
  /** Running mean of how long a lease is held. */
  holdMs = 0;
  readonly #clock: Clock;
  readonly #onRoom: (lane: Lane) => void;
  readonly #learned = new LearnedLimits();
  readonly #probe: Probe;
  #limits: Limits;
  /** Leases open that were taken since the last collapse: older ones may hang, and tell nothing of how it goes now. */
  #trials = 0;
  #collapsedAt = Number.NEGATIVE_INFINITY;
  /** Somebody reports responses, so settlements need not stand in for them. */
  #observed = false;

  constructor(options: LaneOptions) {
    this.key = options.key;
    this.#clock = options.clock;
    this.#onRoom = options.onRoom;
    this.#limits = options.limits;
    this.queue = new FairQueue(options.ageingMs);
    this.gate = new Gate(options.random);
    this.#probe = new Probe(options.adaptive);
    this.usedAt = options.clock.now();
    this.setLimits(options.limits);
  }

  /** What to reserve for a request; what it does not say is estimated, but never so high that it could not be served. */
  demandOf(request: { readonly inputTokens?: number; readonly outputTokens?: number }): Demand {
    let inputTokens = request.inputTokens ?? this.inputEstimate.value;
    let outputTokens = request.outputTokens ?? this.outputEstimate.value;
    const demand = { requests: 1, inputTokens, outputTokens };
    if (this.quota.exceededBy(demand) === undefined) return demand;
    const total = this.#limitOf('tokensPerMinute');
    if (request.outputTokens === undefined) {
      outputTokens = Math.min(
        outputTokens,
        this.#limitOf('outputTokensPerMinute'),
        Math.max(0, total - inputTokens),
      );
    }
    if (request.inputTokens === undefined) {
      inputTokens = Math.min(
        inputTokens,
        this.#limitOf('inputTokensPerMinute'),
        Math.max(0, total - outputTokens),
      );
    }
    return { requests: 1, inputTokens, outputTokens };
  }

  /** Takes the demand and returns 0, or returns the milliseconds to wait; `Infinity` when only the end of a lease can help. */
  reserve(demand: Demand, now: number): number {
    if (this.gate.isClosed(now)) return this.gate.opensAt - now;
    if (this.#trials >= this.#probe.window) return Number.POSITIVE_INFINITY;
    const waitMs = this.quota.reserve(demand, now);
    if (waitMs === 0) {
      this.counts.granted += 1;
      this.#trials += 1;
      this.usedAt = now;
    }
    return waitMs;
  }

  /** Estimated milliseconds until a caller who joins now is served. */
  expectedWaitMs(demand: Demand, priority: number, tenant: string, now: number): number {
    const ahead = this.queue.ahead(priority, tenant);
    const { inFlight, maxConcurrent } = this.quota;
    const rounds = Math.max(0, inFlight + ahead.requests + 1 - maxConcurrent) / maxConcurrent;
    const slotsMs = Number.isFinite(maxConcurrent) ? rounds * this.holdMs : 0;
    return Math.max(0, this.gate.opensAt - now, this.quota.backlogMs(ahead, demand, now), slotsMs);
  }

  get learned(): boolean {
    return DIMENSIONS.some((dimension) => this.#learned.limit(dimension) !== undefined);
  }

  setLimits(limits: Limits): void {
    const now = this.#clock.now();
    this.#limits = limits;
    this.quota.setMaxConcurrent(limits.maxConcurrent ?? Number.POSITIVE_INFINITY);
    this.#apply(now);
    if (this.#known.any) this.#probe.limitsKnown();
    this.#onRoom(this);
  }

  observe(headers: HeaderSource): void {
    const now = this.#clock.now();
    this.#observed = true;
    this.#learn(rateLimitHeadersOf(headerLookup(headers), this.#clock.wallNow()), now);
    this.#advance(now);
    this.#onRoom(this);
  }

  succeeded(): void {
    this.gate.succeeded();
  }

  failed(): number {
    const now = this.#clock.now();
    this.counts.failed += 1;
    const wasClosed = this.gate.isClosed(now);
    const pauseMs = this.gate.failed(now);
    if (!wasClosed && this.gate.isClosed(now)) {
      this.#probe.collapse();
      this.#collapsedAt = now;
      this.#trials = 0;
    }
    return pauseMs;
  }

  rateLimited(headers: HeaderSource): number {
    const now = this.#clock.now();
    this.counts.rateLimited += 1;
    const lookup = headerLookup(headers);
    const told = rateLimitHeadersOf(lookup, this.#clock.wallNow());
    this.#learn(told, now);
    const pauseMs = this.gate.rateLimited(retryAfterOf(lookup, this.#clock.wallNow()), resetOf(told), now);
    if (this.#probe.rateLimited(now, this.#known, this.holdMs)) {
      this.#apply(now);
      this.#drain(now);
    }
    return pauseMs;
  }

  settled(lease: OpenLease, usage: Usage | undefined): void {
    const now = this.#clock.now();
    const { demand } = lease;
    const cached = Math.min(usage?.cachedInputTokens ?? 0, usage?.inputTokens ?? 0);
    const input =
      (usage?.inputTokens ?? demand.inputTokens) - cached * (1 - (this.#limits.cachedInputWeight ?? 1));
    const output = usage?.outputTokens ?? demand.outputTokens;
    if (usage?.inputTokens !== undefined) this.inputEstimate.add(input);
    if (usage?.outputTokens !== undefined) this.outputEstimate.add(output);
    if (usage !== undefined) {
      this.gate.succeeded();
      if (!this.#observed) this.#advance(now);
    }
    this.#end(lease, { requests: demand.requests, inputTokens: input, outputTokens: output }, now);
  }

  released(lease: OpenLease): void {
    this.#end(lease, { requests: 0, inputTokens: 0, outputTokens: 0 }, this.#clock.now());
  }

  #end(lease: OpenLease, actual: Demand, now: number): void {
    if (lease.takenAt > this.#collapsedAt) this.#trials -= 1;
    const heldMs = now - lease.takenAt;
    this.holdMs = this.holdMs === 0 ? heldMs : this.holdMs + (heldMs - this.holdMs) / 8;
    this.quota.settle(lease.demand, actual, lease.takenAt, now);
    this.#onRoom(this);
  }

  /** A call came back well: what is being probed may grow. */
  #advance(now: number): void {
    const before = this.#probe.capPerMinute;
    this.#probe.succeeded(now, this.#known);
    if (this.#probe.capPerMinute !== before) this.#applyOne('requestsPerMinute', now);
  }

  #learn(headers: RateLimitHeaders, now: number): void {
    const readings = this.#learned.learn(headers);
    if (readings.some((reading) => reading.limitChanged)) this.#probe.limitsKnown();
    if (readings.some((reading) => reading.changed)) this.#apply(now);
    for (const { dimension, left } of readings)
      if (left !== undefined) this.quota.lower(dimension, left, now);
  }

  /** Nothing is saved up after a 429, whatever was believed; the day's count is the provider's to tell. */
  #drain(now: number): void {
    if (this.#limits.algorithm === 'window') return;
    for (const dimension of DIMENSIONS)
      if (dimension !== 'requestsPerDay') this.quota.lower(dimension, 0, now);
  }

  #apply(now: number): void {
    for (const dimension of DIMENSIONS) this.#applyOne(dimension, now);
  }

  #applyOne(dimension: Dimension, now: number): void {
    this.quota.setLimit(dimension, this.#setting(dimension), now);
  }

  #setting(dimension: Dimension): LimitSetting | undefined {
    const known = this.#limitOf(dimension);
    const cap = dimension === 'requestsPerMinute' ? this.#probe.capPerMinute : undefined;
    const limit = Math.min(known, cap ?? Number.POSITIVE_INFINITY);
    if (!Number.isFinite(limit)) return undefined;
    const burstMs = this.#limits.burstMs ?? Math.max(DEFAULT_BURST_MS, this.#learned.burstMs(dimension));
    return { limit, burstMs, algorithm: this.#limits.algorithm ?? 'bucket' };
  }

  /** The smaller of what was configured and what the provider told; `Infinity` when neither is there. */
  #limitOf(dimension: Dimension): number {
    const infinity = Number.POSITIVE_INFINITY;
    return Math.min(this.#limits[dimension] ?? infinity, this.#learned.limit(dimension) ?? infinity);
  }

  get #known(): Known {
    return {
      requestsPerMinute: this.#limitOf('requestsPerMinute'),
      any: DIMENSIONS.some((dimension) => Number.isFinite(this.#limitOf(dimension))),
    };
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
