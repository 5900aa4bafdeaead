import { randomUUID } from 'node:crypto';
import { BaseLimiter } from '../base-limiter.js';
import { checkNumber, show } from '../check.js';
import type { Lane } from '../lane.js';
import type { Lease } from '../lease.js';
import type { SharedLimiter } from '../limiter.js';
import type { AcquireRequest, SharedLimiterOptions } from '../limiter-options.js';
import type { Limits } from '../limits.js';
import type { LimiterSnapshot } from '../snapshot.js';
import { LaneLink } from './lane-link.js';
import { StoreHealth } from './store-health.js';

/** Counts in a store, together with other processes. */
export class StoreLimiter extends BaseLimiter implements SharedLimiter {
  readonly #options: SharedLimiterOptions;
  readonly #process: string = randomUUID();
  readonly #health: StoreHealth;
  #sequence = 0;
  #farewell: Promise<unknown> | undefined;

  constructor(options: SharedLimiterOptions) {
    super(options);
    const { store, processes = 1, random = Math.random } = options;
    if (typeof store?.step !== 'function') {
      throw new TypeError(`store must be a limit store, got ${show(store)}`);
    }
    checkNumber('processes', processes);
    if (!(processes >= 1 && processes < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`processes must be 1 or more, got ${processes}`);
    }
    this.#options = options;
    this.#health = new StoreHealth(this.clock, random);
  }

  async tryAcquire(request: AcquireRequest): Promise<Lease | undefined> {
    request.signal?.throwIfAborted();
    const lane = this.enter(request);
    const demand = lane.demandOf(request);
    this.room.checkSize(lane, demand);
    if (lane.link?.isShared === true) return this.room.attempt(lane, demand, request);
    return this.room.tryEnter(lane, demand);
  }

  override snapshot(): LimiterSnapshot {
    return { ...super.snapshot(), store: this.#health.state };
  }

  override close(): void {
    super.close();
    this.#farewell ??= Promise.all([...this.lanes.values()].map(async (lane) => lane.link?.close()));
  }

  /** Resolves when the store has been told. */
  override async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.#farewell;
  }

  protected opened(lane: Lane, limits: Limits): void {
    const { store, processes = 1, adaptive = true } = this.#options;
    lane.tie(
      (mirror) =>
        new LaneLink({
          lane,
          mirror,
          store,
          adaptive,
          health: this.#health,
          clock: this.clock,
          process: this.#process,
          nextSequence: () => ++this.#sequence,
          ageingMs: this.bounds.ageingMs,
          onChange: (changed) => {
            if (changed.gate.isClosed(this.clock.now())) this.room.refuseLate(changed);
            else this.room.serve(changed);
          },
        }),
      processes,
    );
    lane.link?.configured(limits);
  }
}
