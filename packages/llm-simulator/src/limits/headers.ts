import type { Dialect } from '../api-error.js';
import type { BucketState } from './bucket.js';
import type { LimitedAmount } from './enforcer.js';

const OPENAI_NAMES: Readonly<Partial<Record<LimitedAmount, string>>> = {
  requests: 'requests',
  tokens: 'tokens',
};
const ANTHROPIC_NAMES: Readonly<Record<LimitedAmount, string>> = {
  requests: 'requests',
  tokens: 'tokens',
  inputTokens: 'input-tokens',
  outputTokens: 'output-tokens',
};

/** A duration as OpenAI writes it: `20ms`, `1s`, `1.5s`, `6m0s`, `1h0m0s`. */
export function formatReset(durationMs: number): string {
  const whole = Math.ceil(durationMs);
  if (whole < 1_000) return `${whole}ms`;
  const hours = Math.floor(whole / 3_600_000);
  const minutes = Math.floor((whole % 3_600_000) / 60_000);
  const seconds = Number(((whole % 60_000) / 1_000).toFixed(3));
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}

/** The rate-limit headers of a dialect. `now` is in epoch ms. */
export function limitHeaders(
  states: ReadonlyMap<LimitedAmount, BucketState>,
  dialect: Dialect,
  now: number,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [amount, state] of states) {
    if (dialect === 'anthropic') {
      const prefix = `anthropic-ratelimit-${ANTHROPIC_NAMES[amount]}`;
      headers[`${prefix}-limit`] = String(state.limit);
      headers[`${prefix}-remaining`] = String(state.remaining);
      headers[`${prefix}-reset`] = new Date(now + Math.ceil(state.resetMs)).toISOString();
      continue;
    }
    const name = OPENAI_NAMES[amount];
    if (name === undefined) continue;
    headers[`x-ratelimit-limit-${name}`] = String(state.limit);
    headers[`x-ratelimit-remaining-${name}`] = String(state.remaining);
    headers[`x-ratelimit-reset-${name}`] = formatReset(state.resetMs);
  }
  return headers;
}
