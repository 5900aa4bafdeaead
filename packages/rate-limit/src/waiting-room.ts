import { Alarm } from './alarm.js';
import { callQueued, callRefused } from './channels.js';
import type { Clock } from './clock.js';
import type { LimitError } from './errors.js';
import type { Lane } from './lane.js';
import type { Lease } from './lease.js';
import type { AcquireRequest, QueueBounds, QueuePlace } from './limiter-options.js';
import { amountOf, type Demand } from './limits.js';
import { waitInLine } from './queue/wait-in-line.js';
import { closed, queueFull, shed, tooLarge, waitTooLong } from './refusals.js';

/** Where callers wait for their turn: one queue per lane, one timer for all of them. */
export class WaitingRoom {
  readonly #clock: Clock;
  readonly #bounds: QueueBounds;
  readonly #alarm: Alarm;
  /** Lanes in which somebody waits. */
  readonly #lanes = new Set<Lane>();
  #sequence = 0;

  constructor(clock: Clock, bounds: QueueBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
    this.#alarm = new Alarm(clock, () => this.#wake());
  }

  /** A lease if nobody waits and the lane has room. If the store decides, it must be asked: see `attempt`. */
  tryEnter(lane: Lane, demand: Demand): Lease | undefined {
    if (lane.queue.size > 0 || lane.link?.isShared === true) return undefined;
    const now = this.#clock.now();
    lane.link?.goOnAlone(now);
    return lane.reserve(demand, now) === 0 ? lane.lease(demand, now, 0) : undefined;
  }

  /** Waits; throws at once if waiting is of no use. */
  async enter(lane: Lane, demand: Demand, request: AcquireRequest): Promise<Lease> {
    const now = this.#clock.now();
    const { priority = 0, tenant = '', signal } = request;
    const { maxWaitMs, maxLength } = this.#bounds;
    const patienceMs = Math.min(maxWaitMs, request.deadlineMs ?? Number.POSITIVE_INFINITY);
    this.checkSize(lane, demand);
    const place = placeIn(lane, demand, priority, tenant, now);
    const { expectedWaitMs } = place;
    const tooLong = (at: QueuePlace): Error =>
      refused(lane, waitTooLong(lane.key, patienceMs, at, lane.quota.inFlight));
    const asks = lane.link?.isShared === true && !lane.gate.isClosed(now);
    if (expectedWaitMs > patienceMs || (patienceMs === 0 && !asks)) throw tooLong(place);
    // Asking the store is not waiting yet.
    const isFull = lane.queue.size >= maxLength && !(asks && lane.link?.isFlowing === true);
    if (isFull) this.#shedFor(lane, priority, place);
    const onQueued = (): void => {
      if (callQueued.hasSubscribers) callQueued.publish({ key: lane.key, tenant, priority, ...place });
      request.onQueued?.(place);
    };
    if (!asks) onQueued();
    signal?.throwIfAborted();
    const isTrial = patienceMs === 0 || maxLength === 0;
    const expiresAt = isTrial ? Number.POSITIVE_INFINITY : now + patienceMs;
    const lease = await this.#join(lane, demand, request, {
      expiresAt,
      isTrial,
      onQueued: asks ? onQueued : undefined,
    });
    // Now the store's counts are known.
    if (lease === undefined) throw tooLong(placeIn(lane, demand, priority, tenant, this.#clock.now()));
    return lease;
  }

  /** Like `tryEnter`, but asks the store. */
  attempt(lane: Lane, demand: Demand, request: AcquireRequest): Promise<Lease | undefined> {
    if (lane.queue.all().some((other) => !other.isTrial)) return Promise.resolve(undefined);
    const stay = { expiresAt: Number.POSITIVE_INFINITY, isTrial: true, onQueued: undefined };
    return this.#join(lane, demand, request, stay);
  }

  /** Throws if the demand exceeds a limit by itself. */
  checkSize(lane: Lane, demand: Demand): void {
    const exceeded = lane.quota.exceededBy(demand);
    if (exceeded === undefined) return;
    const { dimension, limit } = exceeded;
    throw refused(lane, tooLarge(lane.key, dimension, limit, amountOf(dimension, demand)));
  }

  /** Lets in whoever can be let in, then notes when to look again. */
  serve(lane: Lane): void {
    if (!this.#lanes.has(lane)) return;
    const now = this.#clock.now();
    this.#refuseExpiring(lane, now, now);
    const waitMs = this.#admit(lane, now);
    const next = lane.queue.firstToExpire();
    if (next === undefined) {
      this.#lanes.delete(lane);
      if (this.#lanes.size === 0) this.#alarm.stop();
      return;
    }
    lane.wakeAt = Math.min(now + waitMs, next.expiresAt);
    this.#alarm.wakeBy(lane.wakeAt);
  }

  /** Refuses callers now, rather than when their time is up, if the gate keeps them out beyond it. */
  refuseLate(lane: Lane): void {
    this.#refuseExpiring(lane, lane.gate.opensAt, this.#clock.now());
    this.serve(lane);
  }

  close(): void {
    this.#alarm.stop();
    for (const lane of this.#lanes)
      for (const waiter of lane.queue.all()) waiter.refuse(published(lane, closed()));
    this.#lanes.clear();
  }

  #join(
    lane: Lane,
    demand: Demand,
    request: AcquireRequest,
    stay: { expiresAt: number; isTrial: boolean; onQueued: (() => void) | undefined },
  ): Promise<Lease | undefined> {
    const onLeft = (): void => this.serve(lane);
    const now = this.#clock.now();
    const promise = waitInLine({ lane, demand, request, now, sequence: this.#sequence++, onLeft, ...stay });
    this.#lanes.add(lane);
    this.serve(lane);
    return promise;
  }

  /** Returns the milliseconds until the next caller may be let in. */
  #admit(lane: Lane, now: number): number {
    const { link } = lane;
    const knockMs = link === undefined || link.isShared ? Number.POSITIVE_INFINITY : link.goOnAlone(now);
    for (let head = lane.queue.head(now); head !== undefined; head = lane.queue.head(now)) {
      try {
        // The limit may have shrunk since the caller joined.
        this.checkSize(lane, head.demand);
      } catch (error) {
        head.refuse(error);
        continue;
      }
      const isAsked = link?.isShared === true;
      const waitMs = isAsked ? link.ask(now) : lane.reserve(head.demand, now);
      if (waitMs > 0) {
        if (link !== undefined && !(isAsked && waitMs === Number.POSITIVE_INFINITY)) this.#tell(lane);
        return Math.min(waitMs, knockMs);
      }
      lane.queue.serve(head, lane.quota.shareOf(head.demand), now);
      head.grant(now);
    }
    return 0;
  }

  /** Everyone has to wait: trials leave, and so do callers beyond what the queue may hold. */
  #tell(lane: Lane): void {
    for (const waiter of lane.queue.all()) if (waiter.isTrial) waiter.queued();
    while (lane.queue.size > this.#bounds.maxLength) {
      const { size } = lane.queue;
      lane.queue
        .leastUrgent()
        ?.refuse(refused(lane, queueFull(lane.key, size, { position: size, expectedWaitMs: lane.holdMs })));
    }
  }

  /** Makes room in a full queue by dropping someone less urgent, or refuses the newcomer. */
  #shedFor(lane: Lane, priority: number, place: QueuePlace): void {
    // A long queue is searched only if that can help.
    const last = lane.queue.hasBelow(priority) ? lane.queue.leastUrgent() : undefined;
    if (last === undefined) throw refused(lane, queueFull(lane.key, lane.queue.size, place));
    lane.counts.shed += 1;
    const comes = placeIn(lane, last.demand, last.priority, last.tenant, this.#clock.now());
    last.refuse(published(lane, shed(lane.key, comes)));
  }

  #refuseExpiring(lane: Lane, until: number, now: number): void {
    for (let late = lane.queue.firstToExpire(); late !== undefined; late = lane.queue.firstToExpire()) {
      if (late.expiresAt > until) return;
      const place = placeIn(lane, late.demand, late.priority, late.tenant, now);
      const patienceMs = late.expiresAt - late.enqueuedAt;
      late.refuse(refused(lane, waitTooLong(lane.key, patienceMs, place, lane.quota.inFlight)));
    }
  }

  #wake(): void {
    const now = this.#clock.now();
    for (const lane of [...this.#lanes]) {
      if (lane.wakeAt <= now) this.serve(lane);
      else this.#alarm.wakeBy(lane.wakeAt);
    }
  }
}

/** The place of a caller that joined now. */
function placeIn(lane: Lane, demand: Demand, priority: number, tenant: string, now: number): QueuePlace {
  const position = Math.round(lane.queue.ahead(priority, tenant).requests);
  return { position, expectedWaitMs: lane.expectedWaitMs(demand, priority, tenant, now) };
}

function refused<E extends LimitError>(lane: Lane, error: E): E {
  lane.counts.refused += 1;
  lane.history.refused(lane.key, error);
  return published(lane, error);
}

function published<E extends Error>(lane: Lane, error: E): E {
  if (callRefused.hasSubscribers) callRefused.publish({ key: lane.key, error });
  return error;
}
