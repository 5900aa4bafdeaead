import { amountOf, type Demand, DIMENSIONS, type Dimension } from './limits.js';
import { BucketMeter } from './meters/bucket-meter.js';
import type { Meter } from './meters/meter.js';
import { WindowMeter } from './meters/window-meter.js';
import type { DimensionState, LimitSetting, Quota } from './quota.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SLOTS_PER_MINUTE = 60;
const SLOTS_PER_DAY = 96;
/** Tokens are reserved by estimate and nearly always given back in part, long after: by what calls of half a minute may misjudge. */
const TOKEN_REFUND_GRACE_MS = 15_000;

interface Entry {
  readonly dimension: Dimension;
  readonly algorithm: LimitSetting['algorithm'];
  readonly meter: Meter;
}

/** Counts in this process's memory. */
export class MemoryQuota implements Quota {
  #entries: readonly Entry[] = [];
  #inFlight = 0;
  #maxConcurrent = Number.POSITIVE_INFINITY;
  /** Reserved by the open reservations, so that a limit which becomes known later can count them. */
  #openInput = 0;
  #openOutput = 0;

  get inFlight(): number {
    return this.#inFlight;
  }

  get maxConcurrent(): number {
    return this.#maxConcurrent;
  }

  reserve(demand: Demand, now: number): number {
    let waitMs = this.#inFlight < this.#maxConcurrent ? 0 : Number.POSITIVE_INFINITY;
    for (const { dimension, meter } of this.#entries) {
      waitMs = Math.max(waitMs, meter.waitMs(amountOf(dimension, demand), now));
    }
    if (waitMs > 0) return waitMs;
    for (const { dimension, meter } of this.#entries) meter.take(amountOf(dimension, demand), now);
    this.#open(demand, 1);
    return 0;
  }

  settle(reserved: Demand, actual: Demand, takenAt: number, now: number): void {
    this.#open(reserved, -1);
    for (const { dimension, meter } of this.#entries) {
      const excess = amountOf(dimension, actual) - amountOf(dimension, reserved);
      if (excess > 0) meter.take(excess, now);
      else if (excess < 0) meter.give(-excess, takenAt, now);
    }
  }

  setLimit(dimension: Dimension, setting: LimitSetting | undefined, now: number): void {
    const entry = this.#entries.find((candidate) => candidate.dimension === dimension);
    if (setting !== undefined && entry !== undefined && entry.algorithm === setting.algorithm) {
      entry.meter.configure(setting.limit, setting.burstMs, now);
      return;
    }
    const others = this.#entries.filter((candidate) => candidate !== entry);
    if (setting === undefined) {
      this.#entries = others;
      return;
    }
    const meter = createMeter(dimension, setting, now);
    // A bucket only forgets what the open calls will still use; a window has to know all that its period saw.
    const used = setting.algorithm === 'window' ? entry?.meter.used(now) : undefined;
    meter.take(used ?? amountOf(dimension, this.#openDemand()), now);
    this.#entries = [...others, { dimension, algorithm: setting.algorithm, meter }];
  }

  setMaxConcurrent(limit: number): void {
    this.#maxConcurrent = limit;
  }

  lower(dimension: Dimension, left: number, now: number): void {
    this.#entries.find((entry) => entry.dimension === dimension)?.meter.lower(left, now);
  }

  exceededBy(demand: Demand): { readonly dimension: Dimension; readonly limit: number } | undefined {
    for (const { dimension, meter } of this.#entries) {
      // A fraction of a request per minute is a long wait, not an impossibility.
      if (dimension === 'requestsPerMinute') continue;
      if (amountOf(dimension, demand) > meter.limit) return { dimension, limit: meter.limit };
    }
    return undefined;
  }

  backlogMs(ahead: Demand, demand: Demand, now: number): number {
    let waitMs = 0;
    for (const { dimension, meter } of this.#entries) {
      waitMs = Math.max(
        waitMs,
        meter.backlogMs(amountOf(dimension, ahead), amountOf(dimension, demand), now),
      );
    }
    return waitMs;
  }

  shareOf(demand: Demand): number {
    let share = 0;
    for (const { dimension, meter } of this.#entries) {
      share = Math.max(share, amountOf(dimension, demand) / meter.limit);
    }
    return this.#entries.length === 0 ? 1 : share;
  }

  inspect(now: number): Partial<Record<Dimension, DimensionState>> {
    const states: Partial<Record<Dimension, DimensionState>> = {};
    // In the order of the type, whatever was learned first.
    for (const name of DIMENSIONS) {
      const meter = this.#entries.find((entry) => entry.dimension === name)?.meter;
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

  #open(demand: Demand, sign: 1 | -1): void {
    this.#inFlight += sign;
    this.#openInput += sign * demand.inputTokens;
    this.#openOutput += sign * demand.outputTokens;
  }

  #openDemand(): Demand {
    return { requests: this.#inFlight, inputTokens: this.#openInput, outputTokens: this.#openOutput };
  }
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
