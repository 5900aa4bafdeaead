import type { RateLimitHeaders } from './headers/rate-limit-headers.js';
import { type Learned, LearnedLimits, type Reading } from './learned-limits.js';
import type { LimitSetting } from './limit-setting.js';
import { DIMENSIONS, type Dimension, type Limits } from './limits.js';
import type { MemoryQuota } from './memory-quota.js';
import type { Known, Probe } from './probe.js';

/** Who said a limit: the configuration, headers of the provider, or this limiter, which felt its way after a 429. */
export type LimitSource = 'configured' | 'learned' | 'probed';

/** Half of what a provider with a burst of one second tolerates: see `LearnedLimits.burstMs`. */
export const DEFAULT_BURST_MS = 500;

/** Folds what was configured, what headers told and what probing found into one set of limits, and keeps the quota to it. */
export class EffectiveLimits {
  readonly #quota: MemoryQuota;
  readonly #probe: Probe;
  readonly #learned = new LearnedLimits();
  #configured: Limits = {};
  /** The part of all limits that is this process's own. */
  #share = 1;

  constructor(quota: MemoryQuota, probe: Probe) {
    this.#quota = quota;
    this.#probe = probe;
  }

  /** Whether headers have told any limit. */
  get learned(): boolean {
    return DIMENSIONS.some((dimension) => this.#learned.limit(dimension) !== undefined);
  }

  get known(): Known {
    return {
      requestsPerMinute: this.limitOf('requestsPerMinute'),
      // A limit per day says nothing of how fast to go.
      any: DIMENSIONS.some((name) => name !== 'requestsPerDay' && Number.isFinite(this.limitOf(name))),
    };
  }

  learnedOf(dimension: Dimension): Learned | undefined {
    return this.#learned.get(dimension);
  }

  get cachedInputWeight(): number {
    return this.#configured.cachedInputWeight ?? 1;
  }

  /** The smaller of what was configured and what the provider told; `Infinity` when neither is there. */
  limitOf(dimension: Dimension): number {
    const infinity = Number.POSITIVE_INFINITY;
    return Math.min(this.#configured[dimension] ?? infinity, this.#learned.limit(dimension) ?? infinity);
  }

  /** Where the limit that counts comes from; of two that say the same, what was configured. */
  sourceOf(dimension: Dimension): LimitSource {
    const cap = dimension === 'requestsPerMinute' ? this.#probe.capPerMinute : undefined;
    const whole = this.limitOf(dimension);
    if (cap !== undefined && cap < whole * this.#share) return 'probed';
    return this.#configured[dimension] === whole ? 'configured' : 'learned';
  }

  /** What to expect of a wait for requests per minute that would take `steadyMs` if their rate stayed as it is. */
  growingMs(steadyMs: number): number {
    return this.#probe.growingMs(steadyMs, this.limitOf('requestsPerMinute') * this.#share);
  }

  configure(limits: Limits, now: number): void {
    this.#configured = limits;
    if (this.known.any) this.#probe.limitsKnown();
    this.applyAll(now);
  }

  /** Goes on with a part of all limits, from above 0 to 1. */
  setShare(share: number, now: number): void {
    this.#share = share;
    this.applyAll(now);
  }

  /** Returns what the headers told. */
  learn(headers: RateLimitHeaders, now: number): readonly Reading[] {
    const readings = this.#learned.learn(headers);
    const paceChanged = readings.some(
      (reading) => reading.limitChanged && reading.dimension !== 'requestsPerDay',
    );
    if (paceChanged) this.#probe.limitsKnown();
    if (readings.some((reading) => reading.changed)) this.applyAll(now);
    for (const { dimension, left } of readings) {
      if (left !== undefined) this.#quota.lower(dimension, left, now);
    }
    return readings;
  }

  /** Takes over what another process learned; `undefined`: that there is no such limit. */
  adopt(dimension: Dimension, learned: Learned | undefined, now: number): void {
    if (this.#learned.adopt(dimension, learned) && dimension !== 'requestsPerDay') this.#probe.limitsKnown();
    this.applyAll(now);
  }

  /** A call came back well: what is being probed may grow. */
  succeeded(now: number): void {
    const before = this.#probe.capPerMinute;
    this.#probe.succeeded(now, this.known);
    if (this.#probe.capPerMinute !== before) this.#apply('requestsPerMinute', now);
  }

  /** A 429 came: unless it is the echo of an earlier one, nothing is saved up, whatever was believed. */
  rateLimited(now: number, holdMs: number): void {
    if (!this.#probe.rateLimited(now, this.known, holdMs)) return;
    this.applyAll(now);
    this.#empty(now);
  }

  applyAll(now: number): void {
    const { maxConcurrent = Number.POSITIVE_INFINITY } = this.#configured;
    this.#quota.setMaxConcurrent(Math.max(1, Math.floor(maxConcurrent * this.#share)));
    for (const dimension of DIMENSIONS) this.#apply(dimension, now);
  }

  #empty(now: number): void {
    // A window has nothing saved up, and the day's count is the provider's to tell.
    if (this.#configured.algorithm === 'window') return;
    for (const dimension of DIMENSIONS) {
      if (dimension !== 'requestsPerDay') this.#quota.lower(dimension, 0, now);
    }
  }

  #apply(dimension: Dimension, now: number): void {
    this.#quota.setLimit(dimension, this.setting(dimension), now);
  }

  /** How a limit is to be counted, with all that is known folded in; `undefined`: not at all. */
  setting(dimension: Dimension): LimitSetting | undefined {
    const cap = dimension === 'requestsPerMinute' ? this.#probe.capPerMinute : undefined;
    const whole = this.limitOf(dimension);
    if (!Number.isFinite(whole) && cap === undefined) return undefined;
    const { burstMs } = this.#configured;
    // A day is always counted in a window.
    const algorithm = dimension === 'requestsPerDay' ? 'window' : (this.#configured.algorithm ?? 'bucket');
    // What is counted in a window cannot be taken in fractions: one request is always possible.
    const least = algorithm === 'window' ? 1 : 0;
    const own = this.#share === 1 ? whole : Math.max(least, whole * this.#share);
    const learnedMs = Math.max(DEFAULT_BURST_MS, this.#learned.burstMs(dimension));
    return {
      limit: Math.min(own, cap ?? Number.POSITIVE_INFINITY),
      burstMs: burstMs ?? learnedMs,
      algorithm,
      // What fits the whole limit is not refused for being larger than a part of it.
      ...(this.#share < 1 && { largest: whole }),
    };
  }
}
