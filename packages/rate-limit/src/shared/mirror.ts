import { limitLearned } from '../channels.js';
import type { EffectiveLimits } from '../effective-limits.js';
import type { OpenLease } from '../lease.js';
import { amountOf, type Demand, DIMENSIONS, type Dimension, minus, NOTHING, plus } from '../limits.js';
import type { MemoryQuota } from '../memory-quota.js';
import type { Probe } from '../probe.js';
import type { StepReply } from './limit-store.js';
import { above0, type Stamp } from './outbox.js';

/**
 * How long the counts of other processes are trusted. A process whose call ends tells the store, and the others learn of it when they ask.
 */
const BELIEVED_MS = 250;

export interface MirrorOptions {
  readonly key: string;
  readonly quota: MemoryQuota;
  readonly limits: EffectiveLimits;
  readonly probe: Probe;
  /** Number of processes that share the store, until it reports one. */
  readonly processes: number;
}

/**
 * Keeps a lane's own counts in line with the store's last reply, so that what must be answered at once can be; and lets them take over with
 * a share of all limits while the store cannot be reached.
 */
export class Mirror {
  readonly #options: MirrorOptions;
  #processes: number;
  #openElsewhere = 0;
  #heardAt = Number.NEGATIVE_INFINITY;
  /** Taken since the store was lost. */
  #takenAlone = NOTHING;
  #isAlone = false;
  #share = 1;
  /** Leases of this process. */
  open: Demand = NOTHING;
  /** Demand waiting in all other processes. */
  waitingElsewhere: Demand = NOTHING;
  /** Stamp of the last reply. */
  stamp: Stamp | undefined;

  constructor(options: MirrorOptions) {
    this.#options = options;
    this.#processes = options.processes;
  }

  get isAlone(): boolean {
    return this.#isAlone;
  }

  /** The store granted it, and its reply already counts it. */
  took(demand: Demand): void {
    this.open = plus(this.open, demand);
  }

  tookAlone(demand: Demand): void {
    this.#takenAlone = plus(this.#takenAlone, demand);
    this.open = plus(this.open, demand);
  }

  /** A lease ended that used this much more or less than it reserved. Returns whether the store must be told. */
  ended({ demand, stamp, takenAt }: OpenLease, change: Demand, now: number): boolean {
    const { quota } = this.#options;
    this.open = minus(this.open, demand);
    const isOwn = this.#isAlone && stamp === undefined;
    if (isOwn) this.#takenAlone = above0(plus(this.#takenAlone, change));
    // What will be given back to the store is not this process's to take meanwhile.
    quota.shift(this.#isAlone && !isOwn ? above0(change) : change, takenAt, now);
    this.#setOpen();
    return !isOwn;
  }

  /** What the process believes that all processes together may take now. */
  known(now: number): Partial<Record<Dimension, number>> {
    if (this.stamp === undefined) return {};
    const states = this.#options.quota.inspect(now);
    const found: Partial<Record<Dimension, number>> = {};
    for (const dimension of DIMENSIONS) {
      const state = states[dimension];
      if (state !== undefined) found[dimension] = state.ready / this.#share;
    }
    return found;
  }

  /** Goes on alone, with its share of the limits and of what was left when the store was last heard. */
  part(now: number): void {
    if (this.#isAlone) return;
    this.#isAlone = true;
    this.#takenAlone = NOTHING;
    this.#openElsewhere = 0;
    this.waitingElsewhere = NOTHING;
    const { quota, limits, probe } = this.#options;
    const share = 1 / this.#processes;
    this.#share = share;
    const before = quota.inspect(now);
    probe.adopt(
      probe.capPerMinute === undefined ? undefined : probe.capPerMinute * share,
      probe.ceilingPerMinute * share,
      Math.max(1, Math.floor(probe.window * share)),
    );
    limits.setShare(share, now);
    for (const dimension of DIMENSIONS) {
      const state = before[dimension];
      if (state !== undefined) quota.correct(dimension, state.ready * share, state.used * share, now);
    }
    this.#setOpen();
  }

  /**
   * Call before relying on the counts of other processes. Counts heard too long ago must not get anyone refused: the store knows the
   * current ones, and is asked. Otherwise a process that has been idle would still see the crowd of back then.
   */
  forgetOthers(now: number): void {
    if (now < this.#heardAt + BELIEVED_MS) return;
    if (this.#openElsewhere === 0 && this.waitingElsewhere === NOTHING) return;
    this.#openElsewhere = 0;
    this.waitingElsewhere = NOTHING;
    this.#setOpen();
  }

  /** What was taken while the store could not be reached and has not been refilled since. */
  debts(now: number): Partial<Record<Dimension, number>> {
    const found: Partial<Record<Dimension, number>> = {};
    for (const dimension of DIMENSIONS) {
      const amount = Math.min(
        amountOf(dimension, this.#takenAlone),
        this.#options.quota.owed(dimension, now),
      );
      if (amount > 0) found[dimension] = amount;
    }
    return found;
  }

  /** Adopts the store's reply, except for the dimensions in `isPending`, about which this process has newer information. */
  adopt(reply: StepReply, isPending: (dimension: Dimension) => boolean, now: number): void {
    const { quota, limits, probe } = this.#options;
    if (this.#isAlone) {
      this.#isAlone = false;
      this.#share = 1;
      limits.setShare(1, now);
    }
    this.stamp = { epoch: reply.epoch, at: reply.at };
    this.#heardAt = now;
    this.#processes = Math.max(this.#options.processes, reply.processes);
    for (const dimension of DIMENSIONS) {
      const known = limits.learnedOf(dimension);
      const told = reply.learned[dimension];
      if (isPending(dimension) || (known?.limit === told?.limit && known?.capacity === told?.capacity))
        continue;
      limits.adopt(dimension, told, now);
      if (told !== undefined && told.limit !== known?.limit && limitLearned.hasSubscribers) {
        limitLearned.publish({ key: this.#options.key, dimension, limit: told.limit, elsewhere: true });
      }
    }
    const infinity = Number.POSITIVE_INFINITY;
    probe.adopt(reply.cap || undefined, reply.ceiling || infinity, reply.window || infinity);
    for (const dimension of DIMENSIONS) {
      const counted = reply.limits[dimension];
      quota.setLimit(dimension, counted, now);
      if (counted !== undefined) quota.correct(dimension, counted.ready, counted.used, now);
    }
    quota.setMaxConcurrent(reply.maxConcurrent || infinity);
    this.#openElsewhere = reply.openElsewhere;
    this.waitingElsewhere = reply.waitingElsewhere;
    this.#setOpen();
  }

  #setOpen(): void {
    const { requests, ...tokens } = this.open;
    this.#options.quota.setOpen({ requests: requests + this.#openElsewhere, ...tokens });
  }
}
