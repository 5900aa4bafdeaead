import type { CacheOutcome } from '@ai-toolkit/ai-client';
import type { LedgerCall, TokenCounts, UsageGroup, UsageReport, UsageTotals } from '@ai-toolkit/usage';
import { getJson, queryOf } from './client.js';

export type { CacheOutcome, LedgerCall, TokenCounts, UsageGroup, UsageReport, UsageTotals };

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
