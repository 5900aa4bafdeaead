import type { Clock } from '../clock.js';
import type { Lane } from '../lane.js';
import type { Reading } from '../learned-limits.js';
import type { OpenLease } from '../lease.js';
import { type Demand, type Limits, minus, NOTHING } from '../limits.js';
import type { Waiter } from '../queue/waiter.js';
import { callStore } from './call-store.js';
import { composeStep, stepLimits } from './compose-step.js';
import type { LimitStep, LimitStore, StepLimits, StepReply } from './limit-store.js';
import type { Mirror } from './mirror.js';
import { Outbox, type Parcel } from './outbox.js';
import { Pulse } from './pulse.js';
import { Standing } from './standing.js';
import type { StoreHealth } from './store-health.js';

/** Most callers that one step asks for. */
const BATCH = 32;
export interface LaneLinkOptions {
  readonly lane: Lane;
  readonly mirror: Mirror;
  readonly store: LimitStore;
  readonly health: StoreHealth;
  readonly clock: Clock;
  /** Random name of this limiter. */
  readonly process: string;
  /** Numbers the steps of this limiter. Goes on when a key is forgotten and comes back, which the store remembers for longer. */
  readonly nextSequence: () => number;
  readonly adaptive: boolean;
  readonly ageingMs: number;
  /** Something changed: waiting callers may have a chance now, or none in time. */
  readonly onChange: (lane: Lane) => void;
}

/**
 * Talks to the store for one lane. At most one step is in progress; whatever happens meanwhile goes with the next, so that an acquire takes
 * one round trip and a settlement none of its own.
 */
export class LaneLink {
  readonly mirror: Mirror;
  readonly #options: LaneLinkOptions;
  readonly #outbox = new Outbox();
  readonly #pulse: Pulse;
  readonly #standing: Standing;
  #limits: StepLimits;
  /** The store has been told of this process. */
  #hasSpoken = false;
  #underWay: Promise<void> | undefined;
  #isDue = false;
  #isClosing = false;
  /** The store does not know yet that a lease has ended. */
  #isStale = false;

  constructor(options: LaneLinkOptions) {
    this.#options = options;
    this.mirror = options.mirror;
    this.#standing = new Standing(options.lane);
    this.#limits = stepLimits({}, options.adaptive);
    this.#pulse = new Pulse(options.clock, () => this.#ring());
  }

  /** Whether the store decides. */
  get isShared(): boolean {
    return this.#options.health.isReady;
  }

  /** Nobody had to wait when the store was last asked. */
  get isFlowing(): boolean {
    return this.#standing.isFlowing;
  }

  get isIdle(): boolean {
    return this.mirror.open.requests === 0 && this.#underWay === undefined && !this.#hasNews;
  }

  configured(limits: Limits): void {
    this.#limits = stepLimits(limits, this.#options.adaptive);
    if (this.#hasSpoken) this.#stepSoon();
  }

  told(readings: readonly Reading[]): void {
    this.#outbox.told(readings, this.#options.lane.limits, this.isShared);
    if (this.#outbox.isUrgent) this.#stepSoon();
  }

  succeeded(): void {
    // Successes seen while the limits are not shared say nothing about the shared ones.
    if (!this.isShared) return;
    this.#outbox.succeeded();
    this.#pulse.flushLater();
  }

  /** Call when there is one undecided call fewer. */
  decided(): void {
    this.#standing.madeRoom(false);
  }

  /** This many calls were kept for long enough. */
  kept(count: number): void {
    if (this.isShared) this.#outbox.kept(count);
  }

  rateLimited(): void {
    this.#outbox.rateLimited(this.#options.lane.gate.opensAt, this.isShared);
    this.#stepSoon();
  }

  tookAlone(demand: Demand): void {
    this.mirror.tookAlone(demand);
    this.#beatLater();
  }

  ended(lease: OpenLease, change: Demand, now: number): void {
    if (this.mirror.ended(lease, change, now)) this.#outbox.settled(lease.stamp, change);
    this.#isStale = true;
    this.#standing.madeRoom(change.requests < 0 || change.inputTokens < 0 || change.outputTokens < 0);
    if (this.#isClosing && this.mirror.open.requests === 0) this.#stepSoon();
    else this.#pulse.flushLater();
  }

  joined(waiter: Waiter): void {
    if (this.isShared) this.#standing.joined(waiter);
  }

  /** Asks the store on behalf of the waiting callers. Returns the milliseconds until it is time to look again. */
  ask(now: number): number {
    if (this.#underWay !== undefined || this.#isDue) return Number.POSITIVE_INFINITY;
    const waitMs = this.#standing.msUntilAsking(now);
    if (waitMs > 0) return waitMs;
    this.#stepSoon();
    return Number.POSITIVE_INFINITY;
  }

  /** The store cannot be reached: counts alone, and checks now and then whether it is back. Returns the ms until the next check. */
  goOnAlone(now: number): number {
    const { health } = this.#options;
    this.mirror.part(now);
    if (this.#underWay === undefined && health.mayRetry()) this.#begin(this.#knock());
    return Math.max(1, health.retryAt - now);
  }

  /** Leaves the store now, or once no lease is open. Resolves when everything that can be reported has been. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#underWay;
    if (this.isShared && this.#hasSpoken && this.#underWay === undefined) this.#begin(this.#step());
    await this.#underWay;
    if (this.mirror.open.requests === 0) this.#pulse.stop();
  }

  #stepSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    // Callers that come in the same turn go along.
    queueMicrotask(() => {
      this.#isDue = false;
      if (this.#underWay !== undefined) return;
      if (this.isShared) this.#begin(this.#step());
      else this.#options.onChange(this.#options.lane);
    });
  }

  #begin(work: Promise<void>): void {
    const { lane, onChange } = this.#options;
    this.#underWay = work.then(() => {
      this.#underWay = undefined;
      onChange(lane);
      if (this.#outbox.isUrgent) this.#stepSoon();
      else if (this.#hasNews) this.#pulse.flushLater();
      this.#beatLater();
    });
  }

  async #step(): Promise<void> {
    const { lane, clock, health } = this.#options;
    const { mirror } = this;
    const now = clock.now();
    // Calls that count as kept by now go along with this step.
    lane.undecidedAt(now);
    const isOpen = !lane.gate.isClosed(now) && !this.#isClosing;
    const batch = isOpen ? lane.queue.first(BATCH, (demand) => lane.quota.shareOf(demand), now) : [];
    const parcel = this.#outbox.drain();
    const taken = mirror.isAlone ? mirror.debts(now) : {};
    this.#isStale = false;
    try {
      const reply = await this.#call({ ...this.#stepOf(parcel, batch, now), taken }, batch);
      health.succeeded();
      this.#adopt(reply, batch);
    } catch (error) {
      this.#outbox.restore(parcel);
      this.#isStale = true;
      health.failed(error);
      mirror.part(clock.now());
    }
  }

  /** Asks whether the store is back, with nothing at stake. */
  async #knock(): Promise<void> {
    const { clock, health } = this.#options;
    try {
      await this.#call(this.#stepOf(new Outbox().drain(), [], clock.now()), []);
      health.succeeded();
    } catch {
      // Not yet.
    }
  }

  #call(step: LimitStep, batch: readonly Waiter[]): Promise<StepReply> {
    const { store, clock, lane, health } = this.#options;
    this.#pulse.spoke();
    const onLate = ({ granted, epoch, at }: StepReply): void => {
      this.mirror.stamp ??= { epoch, at };
      for (const { demand } of batch.slice(0, granted)) this.#giveBack(demand, { epoch, at });
    };
    // Otherwise a caller waits for its turn, or `close` for the store to be told.
    const isQuiet = batch.length === 0 && !this.#isClosing;
    return callStore(store, clock, { key: lane.key, step, isQuiet, isFirst: !health.wasHeard, onLate });
  }

  #stepOf(parcel: Parcel, batch: readonly Waiter[], now: number): LimitStep {
    this.#hasSpoken = true;
    const sequence = this.#options.nextSequence();
    const said = { limits: this.#limits, sequence, isLeaving: this.#isClosing };
    return composeStep({ ...this.#options, ...said }, parcel, batch, now);
  }

  #adopt(reply: StepReply, batch: readonly Waiter[]): void {
    const { lane, clock } = this.#options;
    const { mirror } = this;
    const now = clock.now();
    for (const { demand } of batch.slice(0, reply.granted)) mirror.took(demand);
    mirror.adopt(reply, (dimension) => this.#outbox.has(dimension), now);
    if (reply.gateMs > 0) lane.closedElsewhere(reply.gateMs, now);
    for (const [place, waiter] of batch.entries()) {
      if (place >= reply.granted) break;
      if (lane.queue.has(waiter)) {
        lane.granted(now);
        lane.queue.serve(waiter, lane.quota.shareOf(waiter.demand), now);
        waiter.grant(now, mirror.stamp);
      } else {
        // The caller left while the store was being asked.
        mirror.open = minus(mirror.open, waiter.demand);
        this.#giveBack(waiter.demand, mirror.stamp);
      }
    }
    if (batch.length > 0) this.#standing.answered(batch[reply.granted], reply.waitMs, now);
  }

  get #hasNews(): boolean {
    return this.#isStale || !this.#outbox.isEmpty;
  }

  #giveBack(demand: Demand, stamp: OpenLease['stamp']): void {
    this.#outbox.settled(stamp, minus(NOTHING, demand));
    this.#pulse.flushLater();
  }

  #beatLater(): void {
    const isActive = this.mirror.open.requests > 0 || this.#options.lane.queue.size > 0;
    if (isActive) this.#pulse.beatLater();
  }

  #ring(): void {
    if (!this.isShared) {
      if (!this.#isClosing && !this.isIdle) this.#pulse.wakeIn(this.goOnAlone(this.#options.clock.now()));
    } else if (this.#hasNews || this.#pulse.isDue) this.#stepSoon();
    else this.#beatLater();
  }
}
