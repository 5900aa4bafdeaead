import { checkNames, checkNumber } from './check.js';

/** The limits of one key. Absent or `Infinity` means no limit. A bucket accepts fractions: 0.5 per minute is one every two minutes. */
export interface Limits {
  readonly requestsPerMinute?: number;
  /** Counted over any 24 hours. */
  readonly requestsPerDay?: number;
  readonly inputTokensPerMinute?: number;
  readonly outputTokensPerMinute?: number;
  /** Input and output together. */
  readonly tokensPerMinute?: number;
  /** Number of leases open at the same time. A whole number. */
  readonly maxConcurrent?: number;
  /**
   * How much of the per-minute limits may be taken at once, as a time: 1000 is one second's worth. Default 500, or half of what the
   * provider's headers show that it tolerates if that is more. One request is always possible.
   */
  readonly burstMs?: number;
  /**
   * How per-minute limits are counted. `bucket` (default): continuous refill, at most the limit plus one burst in any minute.
   * `window`: at most the limit in any 60 seconds, whatever the burst.
   */
  readonly algorithm?: 'bucket' | 'window';
  /**
   * How much an input token that the provider read from its own prompt cache counts towards the token limits: 1 (default) fully, 0 not at
   * all.
   */
  readonly cachedInputWeight?: number;
}

export const DIMENSIONS = [
  'requestsPerMinute',
  'requestsPerDay',
  'inputTokensPerMinute',
  'outputTokensPerMinute',
  'tokensPerMinute',
] as const;

/** A limit that is counted over time. */
export type Dimension = (typeof DIMENSIONS)[number];

/** An amount to take, in every unit that can be limited. */
export interface Demand {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export const NOTHING: Demand = { requests: 0, inputTokens: 0, outputTokens: 0 };

export function plus(a: Demand, b: Demand): Demand {
  return {
    requests: a.requests + b.requests,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  };
}

export function minus(a: Demand, b: Demand): Demand {
  return {
    requests: a.requests - b.requests,
    inputTokens: a.inputTokens - b.inputTokens,
    outputTokens: a.outputTokens - b.outputTokens,
  };
}

export function amountOf(dimension: Dimension, demand: Demand): number {
  switch (dimension) {
    case 'requestsPerMinute':
    case 'requestsPerDay':
      return demand.requests;
    case 'inputTokensPerMinute':
      return demand.inputTokens;
    case 'outputTokensPerMinute':
      return demand.outputTokens;
    case 'tokensPerMinute':
      return demand.inputTokens + demand.outputTokens;
  }
}

const known: Record<keyof Limits, true> = {
  requestsPerMinute: true,
  requestsPerDay: true,
  inputTokensPerMinute: true,
  outputTokensPerMinute: true,
  tokensPerMinute: true,
  maxConcurrent: true,
  burstMs: true,
  algorithm: true,
  cachedInputWeight: true,
};

/** Throws a `RangeError` or `TypeError` that names the first wrong entry. */
export function checkLimits(limits: Limits, where: string): void {
  checkNames(where, limits, known);
  for (const name of [...DIMENSIONS, 'maxConcurrent'] as const) {
    const value = limits[name];
    if (value === undefined) continue;
    checkNumber(`${where}.${name}`, value);
    if (!(value > 0)) throw new RangeError(`${where}.${name} must be above 0, got ${value}`);
    if (value < 1 && (limits.algorithm === 'window' || name === 'requestsPerDay')) {
      throw new RangeError(`${where}.${name} must be at least 1 when counted in a window, got ${value}`);
    }
  }
  const { maxConcurrent, burstMs, algorithm, cachedInputWeight } = limits;
  if (burstMs !== undefined) checkNumber(`${where}.burstMs`, burstMs);
  if (cachedInputWeight !== undefined) checkNumber(`${where}.cachedInputWeight`, cachedInputWeight);
  if (maxConcurrent !== undefined && maxConcurrent !== Infinity && !Number.isInteger(maxConcurrent)) {
    throw new RangeError(`${where}.maxConcurrent must be a whole number, got ${maxConcurrent}`);
  }
  if (burstMs !== undefined && !(burstMs >= 0 && burstMs <= 60_000)) {
    throw new RangeError(`${where}.burstMs must be between 0 and 60000, got ${burstMs}`);
  }
  if (algorithm !== undefined && algorithm !== 'bucket' && algorithm !== 'window') {
    throw new TypeError(`${where}.algorithm must be 'bucket' or 'window', got ${String(algorithm)}`);
  }
  if (cachedInputWeight !== undefined && !(cachedInputWeight >= 0 && cachedInputWeight <= 1)) {
    throw new RangeError(`${where}.cachedInputWeight must be between 0 and 1, got ${cachedInputWeight}`);
  }
}
