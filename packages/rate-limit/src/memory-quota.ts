import type { DimensionState, LimitSetting } from './limit-setting.js';
import { amountOf, type Demand, DIMENSIONS, type Dimension, minus } from './limits.js';
import { BucketMeter } from './meters/bucket-meter.js';
import type { Meter } from './meters/meter.js';
import { WindowMeter } from './meters/window-meter.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
export const SLOTS_PER_MINUTE = 60;
export const SLOTS_PER_DAY = 96;
/** Token reservations are estimates and nearly always partly returned, much later: covers what calls of half a minute may misjudge. */
export const TOKEN_REFUND_GRACE_MS = 15_000;

interface Entry {
  readonly dimension: Dimension;
  readonly algorithm: LimitSetting['algorithm'];
  readonly meter: Meter;
}

/** All limits of one key, taken together or not at all; counted in this process's memory. Times are monotonic milliseconds. */
export class MemoryQuota {
  #entries: readonly Entry[] = [];
  #inFlight = 0;
  #maxConcurrent = Number.POSITIVE_INFINITY;
  /** Held by the open reservations, so that a limit that becomes known later can count them. */
  #openInput = 0;
  #openOutput = 0;

  /** Open reservations, including those of other processes as far as they are known. */
  get inFlight(): number {
    return this.#inFlight;
  }

  get maxConcurrent(): number {
    return this.#maxConcurrent;
  }

  /**
   * Takes the demand and returns 0, or takes nothing and returns the milliseconds after which it may fit; `Infinity` if only the end of
   * another reservation can help.
   */
  reserve(demand: Demand, now: number): number {
    let waitMs = this.#inFlight < this.#maxConcurrent ? 0 : Number.POSITIVE_INFINITY;
    for (const { dimension, meter } of this.#entries) {
      waitMs = Math.max(waitMs, meter.waitMs(amountOf(dimension, demand), now));
    }
    if (waitMs > 0) return waitMs;
    this.take(demand, now);
    return 0;
  }

  /** Like `reserve`, but the demand of others in `ahead` must fit as well. */
  reserveBehind(ahead: Demand, demand: Demand, now: number): number {
    if (this.#inFlight + ahead.requests >= this.#maxConcurrent) return Number.POSITIVE_INFINITY;
    const waitMs = this.backlogMs(ahead, demand, now);
    return waitMs > 0 ? waitMs : this.reserve(demand, now);
  }

  /** Takes without checking. */
  take(demand: Demand, now: number): void {
    for (const { dimension, meter } of this.#entries) meter.take(amountOf(dimension, demand), now);
    this.#open(demand, 1);
  }

  /** Ends a reservation, of which `actual` was really used. */
  settle(reserved: Demand, actual: Demand, takenAt: number, now: number): void {
    this.#open(reserved, -1);
    this.shift(minus(actual, reserved), takenAt, now);
  }

  /** Takes positive amounts and gives back negative ones, of what was taken at `takenAt`. */
  shift(change: Demand, takenAt: number, now: number): void {
    for (const { dimension, meter } of this.#entries) {
      const excess = amountOf(dimension, change);
      if (excess > 0) meter.take(excess, now);
      else if (excess < 0) meter.give(-excess, takenAt, now);
    }
  }

  /** Takes from one limit without checking. */
  charge(dimension: Dimension, amount: number, now: number): void {
    this.#meter(dimension)?.take(amount, now);
  }

  /** What was taken and has not come back yet. */
  owed(dimension: Dimension, now: number): number {
    return this.#meter(dimension)?.owed(now) ?? 0;
  }

  /** Replaces the counts of this process by those of all processes. */
  correct(dimension: Dimension, ready: number, used: number, now: number): void {
    this.#meter(dimension)?.correct(ready, used, now);
  }

  /** Replaces the counts of open reservations. */
  setOpen(open: Demand): void {
    this.#inFlight = open.requests;
    this.#openInput = open.inputTokens;
    this.#openOutput = open.outputTokens;
  }

  /** Starts, changes or (with `undefined`) ends the counting of one limit. */
  setLimit(dimension: Dimension, setting: LimitSetting | undefined, now: number): void {
    const entry = this.#entries.find((candidate) => candidate.dimension === dimension);
    if (setting !== undefined && entry !== undefined && entry.algorithm === setting.algorithm) {
      entry.meter.configure(setting.limit, setting.burstMs, now, setting.largest);
      return;
    }
    const others = this.#entries.filter((candidate) => candidate !== entry);
    if (setting === undefined) {
      this.#entries = others;
      return;
    }
    const meter = createMeter(dimension, setting, now);
    if (setting.largest !== undefined) meter.configure(setting.limit, setting.burstMs, now, setting.largest);
    // A bucket only needs what the open calls will still use; a window needs everything that its period has seen.
    const used = setting.algorithm === 'window' ? entry?.meter.used(now) : undefined;
    meter.take(used ?? amountOf(dimension, this.#openDemand()), now);
    this.#entries = [...others, { dimension, algorithm: setting.algorithm, meter }];
  }

  setMaxConcurrent(limit: number): void {
    this.#maxConcurrent = limit;
  }

  /** The provider says that no more than `left` of this limit may be taken now, until it is whole again in `resetMs`. */
  lower(dimension: Dimension, left: number, now: number, resetMs?: number): void {
    this.#meter(dimension)?.lower(left, now, resetMs);
  }

  /** The limit that the demand exceeds by itself, if any. */
  exceededBy(demand: Demand): { readonly dimension: Dimension; readonly limit: number } | undefined {
    for (const { dimension, meter } of this.#entries) {
      // A fraction of a request per minute is a long wait, not an impossibility.
      if (dimension === 'requestsPerMinute') continue;
      if (amountOf(dimension, demand) > meter.largest) return { dimension, limit: meter.largest };
    }
    return undefined;
  }

  /**
   * Estimated milliseconds until `demand` fits, after others have taken `ahead`. `growingMs`: corrects a wait for requests per minute for
   * the growth of their rate.
   */
  backlogMs(
    ahead: Demand,
    demand: Demand,
    now: number,
    growingMs: (steadyMs: number) => number = unchanged,
  ): number {
    let waitMs = 0;
    for (const { dimension, meter } of this.#entries) {
      const steadyMs = meter.backlogMs(amountOf(dimension, ahead), amountOf(dimension, demand), now);
      waitMs = Math.max(waitMs, dimension === 'requestsPerMinute' ? growingMs(steadyMs) : steadyMs);
    }
    return waitMs;
  }

  /** The demand's largest share of any limit (its dominant share); 1 if nothing is limited. */
  shareOf(demand: Demand): number {
    let share = 0;
    for (const { dimension, meter } of this.#entries) {
      share = Math.max(share, amountOf(dimension, demand) / meter.limit);
    }
    return this.#entries.length === 0 ? 1 : share;
  }

  inspect(now: number): Partial<Record<Dimension, DimensionState>> {
    const states: Partial<Record<Dimension, DimensionState>> = {};
    // In the order of `DIMENSIONS`, whichever was learned first.
    for (const name of DIMENSIONS) {
      const meter = this.#meter(name);
      if (meter === undefined) continue;
      const used = meter.used(now);
      states[name] = {
        limit: meter.limit,
        periodMs: meter.periodMs,
        used,
        left: Math.max(0, meter.limit - used),
        ready: meter.ready(now),
        resetMs: meter.resetMs(now),
      };
    }
    return states;
  }

  #meter(dimension: Dimension): Meter | undefined {
    return this.#entries.find((entry) => entry.dimension === dimension)?.meter;
  }

  #open(demand: Demand, sign: 1 | -1): void {
    this.#inFlight += sign;
    this.#openInput += sign * demand.inputTokens;
    this.#openOutput += sign * demand.outputTokens;
  }

  #openDemand(): Demand {
    return { requests: this.#inFlight, inputTokens: this.#openInput, outputTokens: this.#openOutput };
  }
}

function unchanged(ms: number): number {
  return ms;
}

function createMeter(dimension: Dimension, { limit, burstMs, algorithm }: LimitSetting, now: number): Meter {
  if (dimension === 'requestsPerDay') {
    return new WindowMeter({ limit, periodMs: DAY_MS, slots: SLOTS_PER_DAY });
  }
  if (algorithm === 'window') {
    return new WindowMeter({ limit, periodMs: MINUTE_MS, slots: SLOTS_PER_MINUTE });
  }
  const counted =
    dimension === 'requestsPerMinute'
      ? { minCapacity: 1, refundGraceMs: 0 }
      : { minCapacity: 0, refundGraceMs: TOKEN_REFUND_GRACE_MS };
  return new BucketMeter({ limit, burstMs, now, ...counted });
}
