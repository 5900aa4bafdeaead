import type { GatewayKey } from '@ai-toolkit/gateway-keys';
import type { KeyAccess } from '@ai-toolkit/toolkit';

/** State of the limits of a key, or of a provider's model. */
export type LimitState = NonNullable<ReturnType<KeyAccess['inspect']>>;
type Limit = LimitState['limits']['requestsPerMinute'];
type Headers = Record<string, string>;

const units = ['requests', 'tokens'] as const;
type Unit = (typeof units)[number];

/** The state of a key's limits, as headers of the OpenAI API. Empty for a key without limits. */
export function quotaHeaders(access: Pick<KeyAccess, 'inspect'>, key: GatewayKey): Headers {
  const headers: Headers = {};
  if (key.requestsPerMinute === undefined && key.tokensPerMinute === undefined) return headers;
  const limits = access.inspect(key)?.limits;
  add(headers, 'requests', limits?.requestsPerMinute);
  add(headers, 'tokens', limits?.tokensPerMinute);
  return headers;
}

/**
 * Limit headers that a 429 lacks in `told`: from the limits of `state`; for a unit without a limit, none remaining until the time of
 * `Retry-After`.
 */
export function refusedQuotaHeaders(told: Readonly<Headers>, state: LimitState | undefined): Headers {
  const headers: Headers = {};
  const resetMs = Number(told['retry-after'] ?? 1) * 1000;
  for (const unit of units) {
    if (`x-ratelimit-remaining-${unit}` in told) continue;
    const limit = tightest(state, unit);
    if (limit === undefined) {
      headers[`x-ratelimit-remaining-${unit}`] = '0';
      headers[`x-ratelimit-reset-${unit}`] = durationOf(resetMs);
    } else add(headers, unit, limit);
  }
  return headers;
}

/** The limit of a unit with the least remaining. */
function tightest(state: LimitState | undefined, unit: Unit): Limit {
  if (state === undefined) return undefined;
  const { requestsPerMinute, requestsPerDay, tokensPerMinute, inputTokensPerMinute, outputTokensPerMinute } =
    state.limits;
  const all =
    unit === 'requests'
      ? [requestsPerMinute, requestsPerDay]
      : [tokensPerMinute, inputTokensPerMinute, outputTokensPerMinute];
  return all
    .filter((limit) => limit !== undefined)
    .reduce<Limit>(
      (least, limit) => (least === undefined || limit.left < least.left ? limit : least),
      undefined,
    );
}

function add(headers: Headers, unit: Unit, limit: Limit): void {
  if (limit === undefined) return;
  headers[`x-ratelimit-limit-${unit}`] = String(Math.floor(limit.limit));
  headers[`x-ratelimit-remaining-${unit}`] = String(Math.max(0, Math.floor(limit.left)));
  headers[`x-ratelimit-reset-${unit}`] = durationOf(Math.max(0, limit.resetAt - Date.now()));
}

/** A duration as the OpenAI API formats it: `20ms`, `1.5s`. */
function durationOf(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)}ms` : `${(ms / 1000).toFixed(1).replace(/\.0$/, '')}s`;
}

/** Headers about the provider account, which tenants share: they would show each tenant the activity of the others. */
const accountHeaders: ReadonlySet<string> = new Set([
  'anthropic-organization-id',
  'openai-organization',
  'openai-project',
]);

/** Whether a provider header describes the account, and so must not reach the holder of a gateway key. */
export function tellsOfAccount(name: string): boolean {
  return /^(?:x|anthropic)-ratelimit-/.test(name) || accountHeaders.has(name);
}
