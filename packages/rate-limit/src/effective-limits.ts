import type { RateLimitHeaders } from './headers/rate-limit-headers.js';
import { type Learned, LearnedLimits, type Reading } from './learned-limits.js';
import type { LimitSetting } from './limit-setting.js';
import { DIMENSIONS, type Dimension, type Limits } from './limits.js';
import type { MemoryQuota } from './memory-quota.js';
import type { Known, Probe } from './probe.js';

/** Where a limit comes from: the configuration, the provider's headers, or this limiter's probing after a 429. */
export type LimitSource = 'configured' | 'learned' | 'probed';

/** Half of what a provider with a burst of one second tolerates: see `LearnedLimits.burstMs`. */
export const DEFAULT_BURST_MS = 500;

/** Merges configured limits, limits learned from headers and the probed rate into one set, and applies it to the quota. */
export class EffectiveLimits {
  readonly #quota: MemoryQuota;
  readonly #probe: Probe;
  readonly #learned = new LearnedLimits();
  #configured: Limits = {};
  /** This process's share of all limits. */
  #share = 1;

  constructor(quota: MemoryQuota, probe: Probe) {
    this.#quota = quota;
    this.#probe = probe;
  }

  /** Whether headers have reported any limit. */
  get learned(): boolean {
    return DIMENSIONS.some((dimension) => this.#learned.limit(dimension) !== undefined);
  }

  get known(): Known {
    return {
      requestsPerMinute: this.limitOf('requestsPerMinute'),
      // A daily limit says nothing about the pace.
      any: DIMENSIONS.some((name) => name !== 'requestsPerDay' && Number.isFinite(this.limitOf(name))),
    };
  }

  learnedOf(dimension: Dimension): Learned | undefined {
    return this.#learned.get(dimension);
  }

  get cachedInputWeight(): number {
    return this.#configured.cachedInputWeight ?? 1;
  }

  /** The smaller of the configured and the learned limit; `Infinity` if there is neither. */
  limitOf(dimension: Dimension): number {
    const infinity = Number.POSITIVE_INFINITY;
    return Math.min(this.#configured[dimension] ?? infinity, this.#learned.limit(dimension) ?? infinity);
  }

  /** Where the effective limit comes from; the configuration, if both agree. */
  sourceOf(dimension: Dimension): LimitSource {
    const cap = dimension === 'requestsPerMinute' ? this.#probe.capPerMinute : undefined;
    const whole = this.limitOf(dimension);
    if (cap !== undefined && cap < whole * this.#share) return 'probed';
    return this.#configured[dimension] === whole ? 'configured' : 'learned';
  }

  /** Expected duration of a wait for requests per minute that would take `steadyMs` if their rate did not grow. */
  growingMs(steadyMs: number): number {
    return this.#probe.growingMs(steadyMs, this.limitOf('requestsPerMinute') * this.#share);
  }

  configure(limits: Limits, now: number): void {
    this.#configured = limits;
    if (this.known.any) this.#probe.limitsKnown();
    this.applyAll(now);
  }

  /** Continues with a share of all limits, above 0 and up to 1. */
  setShare(share: number, now: number): void {
    this.#share = share;
    this.applyAll(now);
  }

  /** Returns what the headers reported. */
  learn(headers: RateLimitHeaders, now: number): readonly Reading[] {
    const readings = this.#learned.learn(headers);
    const paceChanged = readings.some(
      (reading) => reading.limitChanged && reading.dimension !== 'requestsPerDay',
    );
    if (paceChanged) this.#probe.limitsKnown();
    if (readings.some((reading) => reading.changed)) this.applyAll(now);
    for (const { dimension, left, resetMs } of readings) {
      if (left !== undefined) this.#quota.lower(dimension, left, now, resetMs);
    }
    return readings;
  }

  /** Adopts what another process learned; `undefined` means that there is no such limit. */
  adopt(dimension: Dimension, learned: Learned | undefined, now: number): void {
    if (this.#learned.adopt(dimension, learned) && dimension !== 'requestsPerDay') this.#probe.limitsKnown();
    this.applyAll(now);
  }

  /** A call succeeded: a probed rate may grow. */
  succeeded(now: number): void {
    const before = this.#probe.capPerMinute;
    this.#probe.succeeded(now, this.known);
    if (this.#probe.capPerMinute !== before) this.#apply('requestsPerMinute', now);
  }

  /** A 429 came. Unless it is the echo of an earlier one, nothing is left of the burst, whatever was believed. */
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
    // A window saves nothing up, and only the provider knows the day's count.
    if (this.#configured.algorithm === 'window') return;
    for (const dimension of DIMENSIONS) {
      if (dimension !== 'requestsPerDay') this.#quota.lower(dimension, 0, now);
    }
  }

  #apply(dimension: Dimension, now: number): void {
    this.#quota.setLimit(dimension, this.setting(dimension), now);
  }

  /** How to count a limit, with everything known taken into account; `undefined`: not at all. */
  setting(dimension: Dimension): LimitSetting | undefined {
    const cap = dimension === 'requestsPerMinute' ? this.#probe.capPerMinute : undefined;
    const whole = this.limitOf(dimension);
    if (!Number.isFinite(whole) && cap === undefined) return undefined;
    const { burstMs } = this.#configured;
    // The daily limit is always counted in a window.
    const algorithm = dimension === 'requestsPerDay' ? 'window' : (this.#configured.algorithm ?? 'bucket');
    // A window cannot take fractions: one request must always be possible.
    const least = algorithm === 'window' ? 1 : 0;
    const own = this.#share === 1 ? whole : Math.max(least, whole * this.#share);
    const learnedMs = Math.max(DEFAULT_BURST_MS, this.#learned.burstMs(dimension));
    return {
      limit: Math.min(own, cap ?? Number.POSITIVE_INFINITY),
      burstMs: burstMs ?? learnedMs,
      algorithm,
      // A request that fits the whole limit is not refused for exceeding this process's share.
      ...(this.#share < 1 && { largest: whole }),
    };
  }
}
