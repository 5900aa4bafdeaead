import type { GatewayKey } from '@ai-toolkit/gateway-keys';
import type { KeyAccess } from '@ai-toolkit/toolkit';

/** How the limits of a key, or of a model of a provider, stand. */
export type LimitState = NonNullable<ReturnType<KeyAccess['inspect']>>;
type Limit = LimitState['limits']['requestsPerMinute'];
type Headers = Record<string, string>;

const units = ['requests', 'tokens'] as const;
type Unit = (typeof units)[number];

/** Where a key stands with its limits, in the headers of the OpenAI API. Empty for a key without limits. */
export function quotaHeaders(access: Pick<KeyAccess, 'inspect'>, key: GatewayKey): Headers {
  const headers: Headers = {};
  if (key.requestsPerMinute === undefined && key.tokensPerMinute === undefined) return headers;
  const limits = access.inspect(key)?.limits;
  add(headers, 'requests', limits?.requestsPerMinute);
  add(headers, 'tokens', limits?.tokensPerMinute);
  return headers;
}

/**
 * What every 429 tells beside what `told` says already: the limits of `state`, and of a unit without a limit of its own that nothing
 * of it can be had until the time of `Retry-After`.
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

/** Of several limits of one unit, that of which the least is left. */
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

/** As that API writes it: `20ms`, `1.5s`. */
function durationOf(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)}ms` : `${(ms / 1000).toFixed(1).replace(/\.0$/, '')}s`;
}

/** Of the account at the provider, which tenants share: what is left of it would tell each what the others do. */
const accountHeaders: ReadonlySet<string> = new Set([
  'anthropic-organization-id',
  'openai-organization',
  'openai-project',
]);

/** Whether a header of the provider is of no concern to a holder of a key. */
export function tellsOfAccount(name: string): boolean {
  return /^(?:x|anthropic)-ratelimit-/.test(name) || accountHeaders.has(name);
}
