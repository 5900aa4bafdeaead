import type { EffectiveLimits } from '../effective-limits.js';
import type { Learned, Reading } from '../learned-limits.js';
import type { Demand, Dimension } from '../limits.js';
import type { LimitStep, StepSettlement } from './limit-store.js';

/** When something was taken, on the clock of the counts that it was taken from. */
export interface Stamp {
  readonly epoch: string;
  readonly at: number;
}

interface Settlement {
  /** `undefined`: taken without the store. */
  readonly stamp: Stamp | undefined;
  readonly change: Demand;
}

/** What one step carries. */
export interface Parcel {
  readonly settlements: readonly Settlement[];
  readonly learned: Map<Dimension, Learned | null>;
  readonly left: Map<Dimension, number>;
  readonly leftForMs: Map<Dimension, number>;
  readonly gateUntil: number;
  readonly kept: number;
  readonly succeeded: number;
  readonly rateLimited: number;
}

/** Settlements beyond this number are merged: what they give back then counts as taken when the oldest was, which never gives back more. */
const MOST_SETTLEMENTS = 200;
/** More would add nothing to what is known about the rate. */
const MOST_SUCCESSES = 1000;

/** What there is to report to the store, collected between two steps. */
export class Outbox {
  #settlements: Settlement[] = [];
  #learned = new Map<Dimension, Learned | null>();
  #left = new Map<Dimension, number>();
  #leftForMs = new Map<Dimension, number>();
  /** Monotonic ms. */
  #gateUntil = 0;
  #kept = 0;
  #succeeded = 0;
  #rateLimited = 0;

  /** Whether the others should know at once. */
  get isUrgent(): boolean {
    return this.#rateLimited > 0 || this.#learned.size > 0;
  }

  get isEmpty(): boolean {
    return !this.isUrgent && this.#settlements.length === 0 && this.#succeeded === 0;
  }

  has(dimension: Dimension): boolean {
    return this.#learned.has(dimension);
  }

  settled(stamp: Stamp | undefined, change: Demand): void {
    const { requests, inputTokens, outputTokens } = change;
    if (requests !== 0 || inputTokens !== 0 || outputTokens !== 0) this.#settlements.push({ stamp, change });
  }

  /** `isShared`: what headers say is left refers to what all processes share; otherwise it is outdated by the time the store hears it. */
  told(readings: readonly Reading[], limits: EffectiveLimits, isShared: boolean): void {
    for (const { dimension, changed, left, resetMs } of readings) {
      if (changed) {
        this.#learned.set(dimension, limits.learnedOf(dimension) ?? null);
        // It may have been taken for a per-minute limit before.
        const minute = limits.learnedOf('requestsPerMinute') ?? null;
        if (dimension === 'requestsPerDay') this.#learned.set('requestsPerMinute', minute);
      }
      if (left === undefined || !isShared) continue;
      this.#left.set(dimension, left);
      if (resetMs === undefined) this.#leftForMs.delete(dimension);
      else this.#leftForMs.set(dimension, resetMs);
    }
  }

  kept(count: number): void {
    this.#kept += count;
  }

  succeeded(): void {
    this.#succeeded += 1;
  }

  /** `counts`: it is evidence against the shared rate. */
  rateLimited(gateUntil: number, counts: boolean): void {
    if (counts) this.#rateLimited += 1;
    this.#gateUntil = gateUntil;
  }

  drain(): Parcel {
    const parcel: Parcel = {
      settlements: this.#settlements,
      learned: this.#learned,
      left: this.#left,
      leftForMs: this.#leftForMs,
      gateUntil: this.#gateUntil,
      kept: this.#kept,
      succeeded: this.#succeeded,
      rateLimited: this.#rateLimited,
    };
    this.#settlements = [];
    this.#learned = new Map();
    this.#left = new Map();
    this.#leftForMs = new Map();
    this.#gateUntil = 0;
    this.#kept = 0;
    this.#succeeded = 0;
    this.#rateLimited = 0;
    return parcel;
  }

  /**
   * The step may or may not have been applied. What is safe to repeat is repeated; refunds are not, or they could count twice. So too
   * little may be given back, never too much.
   */
  restore(parcel: Parcel): void {
    const taken = parcel.settlements.map(({ stamp, change }) => ({ stamp, change: above0(change) }));
    this.#settlements = [...taken, ...this.#settlements];
    this.#learned = new Map([...parcel.learned, ...this.#learned]);
    this.#gateUntil = Math.max(parcel.gateUntil, this.#gateUntil);
  }
}

/** The parts of a step that come from a parcel. */
export function parcelOf(
  { settlements, learned, left, leftForMs, gateUntil, kept, succeeded, rateLimited }: Parcel,
  epoch: Stamp | undefined,
  now: number,
): Pick<
  LimitStep,
  'settlements' | 'learned' | 'left' | 'leftForMs' | 'closeMs' | 'kept' | 'succeeded' | 'rateLimited'
> {
  return {
    settlements: rows(settlements, epoch),
    learned: Object.fromEntries(learned),
    left: Object.fromEntries(left),
    ...(leftForMs.size > 0 && { leftForMs: Object.fromEntries(leftForMs) }),
    closeMs: Math.max(0, gateUntil - now),
    kept: Math.min(MOST_SUCCESSES, kept),
    succeeded: Math.min(MOST_SUCCESSES, succeeded),
    rateLimited,
  };
}

function rows(settlements: readonly Settlement[], current: Stamp | undefined): StepSettlement[] {
  const all = settlements.map(({ stamp, change }): StepSettlement => {
    // What was taken from lost counts cannot be given back to new ones.
    const isLost = stamp !== undefined && stamp.epoch !== current?.epoch;
    const { requests, inputTokens, outputTokens } = isLost ? above0(change) : change;
    return [(isLost ? current?.at : (stamp ?? current)?.at) ?? 0, requests, inputTokens, outputTokens];
  });
  const some = all.filter(([, ...change]) => change.some((amount) => amount !== 0));
  if (some.length <= MOST_SETTLEMENTS) return some;
  const merged = some.splice(0, some.length - MOST_SETTLEMENTS + 1);
  const sum = (at: 1 | 2 | 3): number => merged.reduce((total, row) => total + row[at], 0);
  return [[Math.min(...merged.map(([at]) => at)), sum(1), sum(2), sum(3)], ...some];
}

export function above0({ requests, inputTokens, outputTokens }: Demand): Demand {
  return {
    requests: Math.max(0, requests),
    inputTokens: Math.max(0, inputTokens),
    outputTokens: Math.max(0, outputTokens),
  };
}
