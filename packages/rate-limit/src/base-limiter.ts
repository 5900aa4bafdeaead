import { type Clock, systemClock } from './clock.js';
import type { HeaderSource } from './headers/header-source.js';
import { type LimitEvent, LimitHistory } from './history.js';
import { Lane } from './lane.js';
import type { Lease } from './lease.js';
import {
  type AcquireRequest,
  checkLimiterOptions,
  checkRequest,
  type LimiterOptions,
  type QueueBounds,
  queueBounds,
} from './limiter-options.js';
import { checkLimits, type Limits } from './limits.js';
import { closed } from './refusals.js';
import { type KeySnapshot, keySnapshot, type LimiterSnapshot } from './snapshot.js';
import { WaitingRoom } from './waiting-room.js';

/** Behaviour common to all limiters. */
export abstract class BaseLimiter {
  readonly #options: Omit<LimiterOptions, 'store'>;
  protected readonly clock: Clock;
  protected readonly room: WaitingRoom;
  protected readonly lanes: Map<string, Lane> = new Map();
  protected readonly bounds: QueueBounds;
  readonly #history: LimitHistory;
  readonly #maxKeys: number;
  #closed = false;

  constructor(options: Omit<LimiterOptions, 'store'>) {
    checkLimiterOptions(options);
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.#history = new LimitHistory(this.clock);
    this.bounds = queueBounds(options.queue);
    this.#maxKeys = options.maxKeys ?? 10_000;
    this.room = new WaitingRoom(this.clock, this.bounds);
  }

  async acquire(request: AcquireRequest): Promise<Lease> {
    request.signal?.throwIfAborted();
    const lane = this.enter(request);
    const demand = lane.demandOf(request);
    return this.room.tryEnter(lane, demand) ?? this.room.enter(lane, demand, request);
  }

  acquireAtOnce(request: AcquireRequest): Lease | undefined {
    request.signal?.throwIfAborted();
    const lane = this.enter(request);
    return this.room.tryEnter(lane, lane.demandOf(request));
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
    this.room.refuseLate(lane);
    return pauseMs;
  }

  setLimits(key: string, limits: Limits): void {
    checkLimits(limits, 'limits');
    const lane = this.#lane(key);
    lane.pinned = true;
    lane.setLimits({ ...this.#options.limits, ...limits });
  }

  snapshot(): LimiterSnapshot {
    const now = this.clock.now();
    const wallNow = this.clock.wallNow();
    const entries = [...this.lanes].map(([key, lane]): [string, KeySnapshot] => [
      key,
      keySnapshot(lane, this.bounds, now, wallNow),
    ]);
    // Defines each property, whereas assigning to `__proto__` would set the prototype.
    return { keys: Object.fromEntries(entries) };
  }

  inspect(key: string): KeySnapshot | undefined {
    const lane = this.lanes.get(key);
    return lane && keySnapshot(lane, this.bounds, this.clock.now(), this.clock.wallNow());
  }

  history(): LimitEvent[] {
    return this.#history.latest();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.room.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  protected enter(request: AcquireRequest): Lane {
    checkRequest(request);
    if (this.#closed) throw closed();
    return this.#lane(request.key);
  }

  /** Called for each new lane, with its limits. */
  protected abstract opened(lane: Lane, limits: Limits): void;

  #lane(key: string): Lane {
    return this.lanes.get(key) ?? this.#open(key);
  }

  #open(key: string): Lane {
    if (this.lanes.size >= this.#maxKeys) this.#forgetIdle();
    const { keys = {} } = this.#options;
    const own = Object.hasOwn(keys, key) ? keys[key] : undefined;
    const limits = { ...this.#options.limits, ...own };
    const lane = new Lane({
      key,
      limits,
      ageingMs: this.bounds.ageingMs,
      adaptive: this.#options.adaptive ?? true,
      clock: this.clock,
      random: this.#options.random ?? Math.random,
      history: this.#history,
      onRoom: (changed) => this.room.serve(changed),
    });
    this.opened(lane, limits);
    this.lanes.set(key, lane);
    return lane;
  }

  /** Drops the lanes that have been idle longest, up to a tenth of `maxKeys`. */
  #forgetIdle(): void {
    const now = this.clock.now();
    const idle = [...this.lanes.values()].filter(
      (lane) =>
        !lane.pinned &&
        lane.link?.isIdle !== false &&
        lane.quota.inFlight === 0 &&
        lane.queue.size === 0 &&
        !lane.gate.isClosed(now),
    );
    idle.sort((a, b) => a.usedAt - b.usedAt);
    for (const lane of idle.slice(0, Math.ceil(this.#maxKeys / 10))) this.lanes.delete(lane.key);
  }
}
