import type { CacheOutcome, CallRecord, CallStatus, Surface } from '@ai-toolkit/ai-client';
import type { LedgerCall, TokenCounts } from '../accounting.js';
import type { UsageErrorCode } from '../errors.js';

/** What a report can be grouped by (keys by their ids). Days and hours are in UTC. */
export type ReportGroup = 'model' | 'provider' | 'project' | 'stage' | 'tenant' | 'key' | 'day' | 'hour';

export interface ReportQuery {
  /** Only calls that started at or after this epoch, ms. Default: all. */
  readonly since?: number;
  readonly by?: ReportGroup;
}

export interface UsageTotals {
  readonly calls: number;
  /** How many calls had each outcome. */
  readonly outcomes: Readonly<Record<CacheOutcome, number>>;
  /** Share of hits, including stale and semantic ones, among the calls that were looked up in the cache, 0 to 1; null if there were none. */
  readonly hitRate: number | null;
  readonly errors: number;
  readonly aborted: number;
  readonly tokens: {
    readonly billed: TokenCounts;
    readonly replayed: TokenCounts;
    readonly saved: TokenCounts;
  };
  readonly cost: {
    /** US dollars charged for calls of known price; null if there are only calls of unknown price. */
    readonly billedUsd: number | null;
    readonly savedUsd: number | null;
    /** Calls that cost or saved an unknown amount; they are in neither total. */
    readonly unpricedBilledCalls: number;
    readonly unpricedSavedCalls: number;
  };
  /** Time to the end of the answer, ms, accurate to 4.5 %. */
  readonly latency: Percentiles;
  /** Time to the first byte of the answer, ms, accurate to 4.5 %. */
  readonly firstByte: Percentiles;
  readonly timeSavedMs: number;
}

export interface Percentiles {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

export interface UsageGroup extends UsageTotals {
  /** The model, provider, … or the start of the day (`2026-11-22`) or hour (`2026-11-22T21:00:00Z`); null: not given. */
  readonly name: string | null;
}

export interface UsageReport {
  readonly since: number | null;
  /** When the report was made, epoch ms. */
  readonly until: number;
  readonly by: ReportGroup | null;
  readonly totals: UsageTotals;
  /** Days and hours in chronological order, everything else by descending number of calls. Empty without `by`. */
  readonly groups: readonly UsageGroup[];
  /** Why rows on disk are missing from the report; null if it is complete. */
  readonly incomplete: string | null;
}

export interface CallsQuery {
  /** Default 100, at most 1000. */
  readonly limit?: number;
  /** Only calls before this one, which is the last call of the previous page. */
  readonly before?: { readonly startedAt: number; readonly requestId: string };
  /** Only calls that started at or after this epoch, ms. */
  readonly since?: number;
  /** Only calls that started before this epoch, ms. */
  readonly until?: number;
  readonly status?: CallStatus;
  readonly cache?: CacheOutcome;
  readonly provider?: string;
  readonly model?: string;
  readonly tenant?: string;
  /** Id of the gateway key, which is the label `key` of a call. */
  readonly key?: string;
  readonly project?: string;
  readonly stage?: string;
  readonly surface?: Surface;
  readonly errorCode?: string;
  /** Beginning of the request's id. */
  readonly requestIdPrefix?: string;
}

export interface LedgerStatus {
  readonly path: string;
  /** `degraded`: rows cannot be written now; calls continue, and the newest rows wait in memory. */
  readonly state: 'ok' | 'degraded' | 'closed';
  /** The most recent problem. If a damaged file was replaced, the state is `ok` but the code remains here. */
  readonly problem: { readonly code: UsageErrorCode; readonly message: string; readonly hint: string } | null;
  readonly buffered: number;
  /** Calls that are in the totals. */
  readonly written: number;
  /** How many of them have no row of their own: see `hitRowsPerSecond`. */
  readonly summed: number;
  /** Rows that were lost because the buffer was full or the ledger was closed. */
  readonly dropped: number;
  /** Where damaged files were moved to. */
  readonly setAside: readonly string[];
}

export interface Ledger extends AsyncDisposable {
  /** Adds a call to the buffer: no I/O, never throws. */
  record(call: CallRecord): void;
  /** Writes what is buffered. Never rejects: `status()` says what went wrong. */
  flush(): Promise<void>;
  /** Rejects with `USAGE_LEDGER_CLOSED` only. */
  report(query?: ReportQuery): Promise<UsageReport>;
  /** Recent calls, newest first, including buffered ones. Rejects with `USAGE_LEDGER_CLOSED` only. */
  calls(query?: CallsQuery): Promise<readonly LedgerCall[]>;
  /** The newest call with this id; `undefined` if it has no row. Rejects with `USAGE_LEDGER_CLOSED` only. */
  call(requestId: string): Promise<LedgerCall | undefined>;
  /**
   * Reports calls that this process records, shortly after each was recorded. Returns a function that ends the subscription. A listener
   * that throws is dropped.
   */
  subscribe(listener: (call: LedgerCall) => void): () => void;
  status(): LedgerStatus;
  /** Writes what is buffered and closes the file. */
  close(): Promise<void>;
}
