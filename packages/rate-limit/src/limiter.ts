import { type Clock, systemClock } from './clock.js';
import type { HeaderSource } from './headers/header-source.js';
import { Lane } from './lane.js';
import type { Lease } from './lease.js';
import {
  type AcquireRequest,
  checkRequest,
  type LimiterOptions,
  type QueueBounds,
  queueBounds,
} from './limiter-options.js';
import { checkLimits, type Limits } from './limits.js';
import { closed } from './refusals.js';
import { type KeySnapshot, keySnapshot, type LimiterSnapshot } from './snapshot.js';
import { WaitingRoom } from './waiting-room.js';

/** Lets calls through as the limits of their keys allow. */
export interface Limiter {
  /**
   * Reserves what a call needs, waiting for its turn. Rejects with a `LimitError` when the turn cannot come in time, with
   * `signal.reason` when aborted.
   */
  acquire(request: AcquireRequest): Promise<Lease>;
  /** The same without waiting: `undefined` when it is not this caller's turn. */
  tryAcquire(request: AcquireRequest): Lease | undefined;
  /** Learns limits from the headers of any response, good or bad; for a 429 `recordRateLimit` does it. */
  observe(key: string, headers: HeaderSource): void;
  /**
   * A call succeeded, or its answer has begun well: failures are forgiven, and what is being probed may grow. Where it is never
   * called, settlements that tell some usage stand in for it.
   */
  recordSuccess(key: string): void;
  /**
   * A call failed through no fault of its own (5xx, no connection). Returns the ms to pause before it is tried again: full jitter,
   * doubling with each failure in a row of the key. Closes nothing; for an upstream that is down, use a breaker.
   */
  recordFailure(key: string): number;
  /** A call was answered with 429. Closes the key for everyone; returns for how many ms. */
  recordRateLimit(key: string, headers?: HeaderSource): number;
  /** Replaces the limits of one key, over the default ones. What was used stays used, and refill goes on. */
  setLimits(key: string, limits: Limits): void;
  snapshot(): LimiterSnapshot;
  /** Refuses those who wait and everyone who comes. Open leases may still end. */
  close(): void;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export function createLimiter(options: LimiterOptions = {}): Limiter {
  return new LocalLimiter(options);
}

class LocalLimiter implements Limiter {
  readonly #options: LimiterOptions;
  readonly #clock: Clock;
  readonly #bounds: QueueBounds;
  readonly #maxKeys: number;
  readonly #room: WaitingRoom;
  readonly #lanes = new Map<string, Lane>();
  #closed = false;

  constructor(options: LimiterOptions) {
    checkLimits(options.limits ?? {}, 'limits');
    for (const [key, limits] of Object.entries(options.keys ?? {}))
      checkLimits(limits, `keys[${JSON.stringify(key)}]`);
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#bounds = queueBounds(options.queue);
    this.#maxKeys = options.maxKeys ?? 10_000;
    if (!(this.#maxKeys >= 1)) throw new RangeError(`maxKeys must be 1 or more, got ${this.#maxKeys}`);
    this.#room = new WaitingRoom(this.#clock, this.#bounds);
  }

  async acquire(request: AcquireRequest): Promise<Lease> {
    request.signal?.throwIfAborted();
    const lane = this.#enter(request);
    const demand = lane.demandOf(request);
    return this.#room.tryEnter(lane, demand) ?? this.#room.enter(lane, demand, request);
  }

  tryAcquire(request: AcquireRequest): Lease | undefined {
    request.signal?.throwIfAborted();
    const lane = this.#enter(request);
    const demand = lane.demandOf(request);
    const lease = this.#room.tryEnter(lane, demand);
    if (lease === undefined) this.#room.checkSize(lane, demand);
    return lease;
  }

  observe(key: string, headers: HeaderSource): void {
    this.#lane(key).observe(headers);
  }

  recordSuccess(key: string): void {
    this.#lane(key).succeeded();
  }

  recordFailure(key: string): number {
    return this.#lane(key).failed();
  }

  recordRateLimit(key: string, headers: HeaderSource = {}): number {
    const lane = this.#lane(key);
    const pauseMs = lane.rateLimited(headers);
    this.#room.refuseLate(lane);
    return pauseMs;
  }

  setLimits(key: string, limits: Limits): void {
    checkLimits(limits, 'limits');
    const lane = this.#lane(key);
    lane.pinned = true;
    lane.setLimits({ ...this.#options.limits, ...limits });
  }

  snapshot(): LimiterSnapshot {
    const now = this.#clock.now();
    const wallNow = this.#clock.wallNow();
    const entries = [...this.#lanes].map(([key, lane]): [string, KeySnapshot] => [
      key,
      keySnapshot(lane, this.#bounds, now, wallNow),
    ]);
    // Defines each name, where an assignment would take `__proto__` for something else.
    return { keys: Object.fromEntries(entries) };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#room.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  #enter(request: AcquireRequest): Lane {
    checkRequest(request);
    if (this.#closed) throw closed();
    return this.#lane(request.key);
  }

  #lane(key: string): Lane {
    return this.#lanes.get(key) ?? this.#open(key);
  }

  #open(key: string): Lane {
    if (this.#lanes.size >= this.#maxKeys) this.#forgetIdle();
    const { keys = {} } = this.#options;
    const own = Object.hasOwn(keys, key) ? keys[key] : undefined;
    const lane = new Lane({
      key,
      limits: { ...this.#options.limits, ...own },
      ageingMs: this.#bounds.ageingMs,
      adaptive: this.#options.adaptive ?? true,
      clock: this.#clock,
      random: this.#options.random ?? Math.random,
      onRoom: (changed) => this.#room.serve(changed),
    });
    this.#lanes.set(key, lane);
    return lane;
  }

  /** Drops the tenth that was idle for longest. */
  #forgetIdle(): void {
    const now = this.#clock.now();
    const idle = [...this.#lanes.values()].filter(
      (lane) =>
        !lane.pinned && lane.quota.inFlight === 0 && lane.queue.size === 0 && !lane.gate.isClosed(now),
    );
    idle.sort((a, b) => a.usedAt - b.usedAt);
    for (const lane of idle.slice(0, Math.ceil(this.#maxKeys / 10))) this.#lanes.delete(lane.key);
  }
}
