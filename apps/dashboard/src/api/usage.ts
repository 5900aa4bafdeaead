import { getJson } from './client.js';

/*
 * What the server answers, as the page reads it. Structurally the same as what `@ai-toolkit/usage` exports; written out
 * here because the page shares nothing with the server but HTTP.
 */

export type CacheOutcome = 'hit' | 'stale' | 'semantic' | 'coalesced' | 'miss' | 'refresh' | 'bypass';
type CallStatus = 'ok' | 'error' | 'aborted';

export interface TokenCounts {
  readonly input: number;
  readonly output: number;
}

/** One call of `/api/usage/calls` and of the `call` events of `/api/usage/events`. */
export interface LedgerCall {
  readonly requestId: string;
  /** Epoch, ms. */
  readonly startedAt: number;
  readonly surface: string;
  readonly provider: string;
  readonly model: string;
  readonly tenant: string;
  readonly streamed: boolean;
  readonly cache: CacheOutcome;
  readonly status: CallStatus;
  readonly httpStatus?: number;
  readonly errorCode?: string;
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
  readonly durationMs: number;
  readonly firstByteMs?: number;
  readonly upstreamMs?: number;
  readonly attempts: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly billed: TokenCounts;
  readonly replayed: TokenCounts;
  readonly saved: TokenCounts;
  /** US dollars; null: the price is not known. */
  readonly billedUsd: number | null;
  readonly savedUsd: number | null;
  readonly timeSavedMs: number;
}

interface Percentiles {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

export interface UsageTotals {
  readonly calls: number;
  readonly outcomes: Readonly<Record<CacheOutcome, number>>;
  /** 0 to 1; null: nothing was looked up. */
  readonly hitRate: number | null;
  readonly errors: number;
  readonly aborted: number;
  readonly tokens: {
    readonly billed: TokenCounts;
    readonly replayed: TokenCounts;
    readonly saved: TokenCounts;
  };
  readonly cost: {
    readonly billedUsd: number | null;
    readonly savedUsd: number | null;
    readonly unpricedBilledCalls: number;
    readonly unpricedSavedCalls: number;
  };
  readonly latency: Percentiles;
  readonly firstByte: Percentiles;
  readonly timeSavedMs: number;
}

export interface UsageGroup extends UsageTotals {
  readonly name: string | null;
}

/** `/api/usage` */
export interface UsageReport {
  readonly since: number | null;
  readonly until: number;
  readonly by: string | null;
  readonly totals: UsageTotals;
  readonly groups: readonly UsageGroup[];
  readonly incomplete: string | null;
}

export function fetchUsage(since: string, by: string, signal: AbortSignal): Promise<UsageReport> {
  return getJson<UsageReport>(`api/usage?since=${since}&by=${by}`, { signal });
}

export async function fetchCalls(limit: number, signal: AbortSignal): Promise<readonly LedgerCall[]> {
  const path = `api/usage/calls?limit=${limit}`;
  return (await getJson<{ calls: readonly LedgerCall[] }>(path, { signal })).calls;
}
