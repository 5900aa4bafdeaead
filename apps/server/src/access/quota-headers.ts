import type { GatewayKey } from '@ai-toolkit/gateway-keys';
import type { KeyAccess } from '@ai-toolkit/toolkit';

type Limit = NonNullable<ReturnType<KeyAccess['inspect']>>['limits']['requestsPerMinute'];

/** Where a key stands with its limits, in the headers of the OpenAI API. Empty for a key without limits. */
export function quotaHeaders(access: Pick<KeyAccess, 'inspect'>, key: GatewayKey): Record<string, string> {
  const headers: Record<string, string> = {};
  if (key.requestsPerMinute === undefined && key.tokensPerMinute === undefined) return headers;
  const limits = access.inspect(key)?.limits;
  add(headers, 'requests', limits?.requestsPerMinute);
  add(headers, 'tokens', limits?.tokensPerMinute);
  return headers;
}

function add(headers: Record<string, string>, unit: string, limit: Limit): void {
  if (limit === undefined) return;
  headers[`x-ratelimit-limit-${unit}`] = String(limit.limit);
  headers[`x-ratelimit-remaining-${unit}`] = String(Math.floor(limit.left));
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
