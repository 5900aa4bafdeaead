import type { RateLimitHeaders } from './headers/rate-limit-headers.js';
import { LearnedLimits } from './learned-limits.js';
import { DIMENSIONS, type Dimension, type Limits } from './limits.js';
import type { Known, Probe } from './probe.js';
import type { LimitSetting, Quota } from './quota.js';

/** Half of what a provider with a burst of one second tolerates: see `LearnedLimits.burstMs`. */
const DEFAULT_BURST_MS = 500;

/** Folds what was configured, what headers told and what probing found into one set of limits, and keeps the quota to it. */
export class EffectiveLimits {
  readonly #quota: Quota;
  readonly #probe: Probe;
  readonly #learned = new LearnedLimits();
  #configured: Limits = {};

  constructor(quota: Quota, probe: Probe) {
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

  get cachedInputWeight(): number {
    return this.#configured.cachedInputWeight ?? 1;
  }

  /** The smaller of what was configured and what the provider told; `Infinity` when neither is there. */
  limitOf(dimension: Dimension): number {
    const infinity = Number.POSITIVE_INFINITY;
    return Math.min(this.#configured[dimension] ?? infinity, this.#learned.limit(dimension) ?? infinity);
  }

  configure(limits: Limits, now: number): void {
    this.#configured = limits;
    this.#quota.setMaxConcurrent(limits.maxConcurrent ?? Number.POSITIVE_INFINITY);
    this.#applyAll(now);
    if (this.known.any) this.#probe.limitsKnown();
  }

  learn(headers: RateLimitHeaders, now: number): void {
    const readings = this.#learned.learn(headers);
    const paceChanged = readings.some(
      (reading) => reading.limitChanged && reading.dimension !== 'requestsPerDay',
    );
    if (paceChanged) this.#probe.limitsKnown();
    if (readings.some((reading) => reading.changed)) this.#applyAll(now);
    for (const { dimension, left } of readings) {
      if (left !== undefined) this.#quota.lower(dimension, left, now);
    }
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
    this.#applyAll(now);
    // A window has nothing saved up, and the day's count is the provider's to tell.
    if (this.#configured.algorithm === 'window') return;
    for (const dimension of DIMENSIONS) {
      if (dimension !== 'requestsPerDay') this.#quota.lower(dimension, 0, now);
    }
  }

  #applyAll(now: number): void {
    for (const dimension of DIMENSIONS) this.#apply(dimension, now);
  }

  #apply(dimension: Dimension, now: number): void {
    this.#quota.setLimit(dimension, this.#setting(dimension), now);
  }

  #setting(dimension: Dimension): LimitSetting | undefined {
    const cap = dimension === 'requestsPerMinute' ? this.#probe.capPerMinute : undefined;
    const limit = Math.min(this.limitOf(dimension), cap ?? Number.POSITIVE_INFINITY);
    if (!Number.isFinite(limit)) return undefined;
    const { burstMs, algorithm = 'bucket' } = this.#configured;
    const learnedMs = Math.max(DEFAULT_BURST_MS, this.#learned.burstMs(dimension));
    return { limit, burstMs: burstMs ?? learnedMs, algorithm };
  }
}
