import { getJson, queryOf } from './client.js';

/*
 * Response types of the server. Structurally the same as the exports of `@ai-toolkit/usage`; repeated here because the page
 * shares nothing with the server but HTTP.
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
  /** The name that the caller used, if different. */
  readonly askedModel?: string;
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
  readonly providerWaitMs?: number;
  readonly queuedMs?: number;
  readonly attempts: number;
  /** Number of upstreams of the model's route that were skipped. */
  readonly fallbacks?: number;
  /** Cache key in hex; absent on a bypass. */
  readonly key?: string;
  /** Similarity of a semantic hit, up to 1. */
  readonly similarity?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly billed: TokenCounts;
  readonly replayed: TokenCounts;
  readonly saved: TokenCounts;
  /** US dollars; null if the price is unknown. */
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
  /** 0 to 1; null if there were no lookups. */
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

export interface CallsPage {
  /** Newest first. */
  readonly calls: readonly LedgerCall[];
  /** `cursor` of the next page; null on the last. */
  readonly next: string | null;
}

/** `filters`: as in docs/http-api.md. */
export function fetchCallsPage(
  filters: Readonly<Record<string, string | number | undefined>>,
  signal: AbortSignal,
): Promise<CallsPage> {
  return getJson<CallsPage>(`api/usage/calls${queryOf(filters)}`, { signal });
}

/** Where the time of a call went, ms; null if not measured or not applicable. */
export interface CallTimings {
  /** Waiting for limits. */
  readonly queuedMs: number | null;
  /** Until the provider began to answer, over all attempts. */
  readonly providerWaitMs: number | null;
  /** The gateway's own work, and pauses between attempts. */
  readonly overheadMs: number | null;
  /** From the first byte to the end. */
  readonly deliveryMs: number | null;
  readonly firstByteMs: number | null;
  readonly totalMs: number;
}

/** `/api/usage/calls/{requestId}` */
export interface CallDetail {
  readonly call: LedgerCall;
  readonly timings: CallTimings;
}

export function fetchCall(requestId: string, signal: AbortSignal): Promise<CallDetail> {
  return getJson<CallDetail>(`api/usage/calls/${encodeURIComponent(requestId)}`, { signal });
}
