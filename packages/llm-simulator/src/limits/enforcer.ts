import type { ApiFailure, Dialect } from '../api-error.js';
import { type Bucket, type BucketState, createContinuousBucket, createWindowBucket } from './bucket.js';
import { limitHeaders } from './headers.js';
import { checkLimits, type SimulatorLimits } from './limits.js';

export type LimitedAmount = 'requests' | 'tokens' | 'inputTokens' | 'outputTokens';

/** What one request takes from the limits. */
export interface Charge {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface Admission {
  /** Set if a limit refuses the request. */
  readonly failure: ApiFailure | undefined;
  /** Rate-limit headers for the response, whether granted or refused. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Enforcer {
  admit(owner: string, model: string, dialect: Dialect, charge: Charge): Admission;
  set(limits: SimulatorLimits): void;
  current(): SimulatorLimits;
}

const AMOUNT_KEYS = {
  requests: 'requestsPerMinute',
  tokens: 'tokensPerMinute',
  inputTokens: 'inputTokensPerMinute',
  outputTokens: 'outputTokensPerMinute',
} as const;
const AMOUNTS: readonly LimitedAmount[] = ['requests', 'tokens', 'inputTokens', 'outputTokens'];
const DEFAULT_BURST_MS = 60_000;
/** Most pairs of key and model; beyond it, the limits of the oldest pair start anew. */
const MAX_OWNERS = 1_000;
/** For requests that no limit applies to. */
export const FREE: Admission = { failure: undefined, headers: {} };

/** Enforces limits per API key and model; a request takes all its amounts or none. `clock` is in epoch ms. */
export function createEnforcer(initial: SimulatorLimits, clock: () => number): Enforcer {
  let limits = checkLimits(initial);
  const owners = new Map<string, Map<LimitedAmount, Bucket>>();

  const bucketsOf = (owner: string): Map<LimitedAmount, Bucket> => {
    const known = owners.get(owner);
    if (known !== undefined) return known;
    const buckets = new Map<LimitedAmount, Bucket>();
    fit(buckets, limits, limits);
    const oldest = owners.size >= MAX_OWNERS ? owners.keys().next().value : undefined;
    if (oldest !== undefined) owners.delete(oldest);
    owners.set(owner, buckets);
    return buckets;
  };

  return {
    admit(owner, model, dialect, charge) {
      const buckets = bucketsOf(`${owner}\n${model}`);
      if (buckets.size === 0) return FREE;
      const now = clock();
      const amounts: Readonly<Record<LimitedAmount, number>> = {
        requests: 1,
        tokens: charge.inputTokens + charge.outputTokens,
        inputTokens: charge.inputTokens,
        outputTokens: charge.outputTokens,
      };
      let longest = 0;
      let refusedBy: LimitedAmount = 'requests';
      for (const [amount, bucket] of buckets) {
        const wait = bucket.waitMs(amounts[amount], now);
        if (wait <= longest) continue;
        longest = wait;
        refusedBy = amount;
      }
      if (longest === 0) for (const [amount, bucket] of buckets) bucket.take(amounts[amount], now);
      const announce = limits.announce !== false;
      const states = new Map<LimitedAmount, BucketState>();
      if (announce) for (const [amount, bucket] of buckets) states.set(amount, bucket.state(now));
      const headers = limitHeaders(states, dialect, now);
      if (longest === 0) return { failure: undefined, headers };
      const limit = limits[AMOUNT_KEYS[refusedBy]] ?? 0;
      return {
        failure: refusal(model, dialect, refusedBy, limit, amounts[refusedBy], longest, announce),
        headers,
      };
    },
    set(next) {
      const previous = limits;
      limits = checkLimits(next);
      for (const buckets of owners.values()) fit(buckets, limits, previous);
    },
    current: () => limits,
  };
}

function fit(buckets: Map<LimitedAmount, Bucket>, limits: SimulatorLimits, previous: SimulatorLimits): void {
  const burstMs = limits.burstMs ?? DEFAULT_BURST_MS;
  const windowed = limits.mode === 'fixed-window';
  if (windowed !== (previous.mode === 'fixed-window')) buckets.clear();
  for (const amount of AMOUNTS) {
    const perMinute = limits[AMOUNT_KEYS[amount]] ?? 0;
    if (perMinute === 0) buckets.delete(amount);
    else if (buckets.has(amount)) buckets.get(amount)?.resize(perMinute, burstMs);
    else
      buckets.set(
        amount,
        windowed ? createWindowBucket(perMinute) : createContinuousBucket(perMinute, burstMs),
      );
  }
}

function refusal(
  model: string,
  dialect: Dialect,
  amount: LimitedAmount,
  limit: number,
  asked: number,
  waitMs: number,
  announce: boolean,
): ApiFailure {
  const never = !Number.isFinite(waitMs);
  const headers: Record<string, string> = {};
  if (announce && !never) {
    headers['retry-after'] = String(Math.ceil(waitMs / 1_000));
    if (dialect === 'openai') headers['retry-after-ms'] = String(Math.ceil(waitMs));
  }
  if (dialect === 'anthropic') {
    const what = amount === 'requests' ? 'requests' : amount.replace(/T/, ' t');
    return {
      status: 429,
      message: `This request would exceed your rate limit of ${limit} ${what} per minute (model: ${model}).`,
      headers,
    };
  }
  const what = amount === 'requests' ? 'requests' : 'tokens';
  const unit = amount === 'requests' ? 'RPM' : 'TPM';
  const message = never
    ? `Request too large for ${model} on ${what} per min (${unit}): Limit ${limit}, Requested ${asked}.`
    : `Rate limit reached for ${model} on ${what} per min (${unit}): Limit ${limit}, Requested ${asked}. Please try again in ${Math.ceil(waitMs)}ms.`;
  return { status: 429, message, type: what, code: 'rate_limit_exceeded', headers };
}
