import type { CacheOutcome, CallRecord, CallStatus, Surface } from '@ai-toolkit/ai-client';
import type { LedgerCall, TokenCounts } from '../accounting.js';
import type { UsageErrorCode } from '../errors.js';

/** What a report can be split by; a key by its id. Days and hours are those of UTC. */
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
  /** Hits, stale and semantic ones included, among the calls that were looked up in the cache, 0 to 1; null when none was. */
  readonly hitRate: number | null;
  readonly errors: number;
  readonly aborted: number;
  readonly tokens: {
    readonly billed: TokenCounts;
    readonly replayed: TokenCounts;
    readonly saved: TokenCounts;
  };
  readonly cost: {
    /** US dollars charged for calls of known price; null when there are only calls of unknown price. */
    readonly billedUsd: number | null;
    readonly savedUsd: number | null;
    /** Calls that cost or saved an unknown amount; they are in neither sum. */
    readonly unpricedBilledCalls: number;
    readonly unpricedSavedCalls: number;
  };
  /** Time to the end of the answer, ms, off by at most 4.5 %. */
  readonly latency: Percentiles;
  /** Time to the first byte of the answer, ms, off by at most 4.5 %. */
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
  /** Days and hours in their order, all else by falling number of calls. Empty without `by`. */
  readonly groups: readonly UsageGroup[];
  /** Why rows on disk are missing from the report; null when it is whole. */
  readonly incomplete: string | null;
}

export interface CallsQuery {
  /** Default 100, at most 1000. */
  readonly limit?: number;
  /** Only calls before this one: the last call of the page before. */
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
  /** How the id of the request begins. */
  readonly requestIdPrefix?: string;
}

export interface LedgerStatus {
  readonly path: string;
  /** `degraded`: rows cannot be written now; calls go on, the newest rows wait in memory. */
  readonly state: 'ok' | 'degraded' | 'closed';
  /** The last thing that went wrong. A damaged file that was replaced leaves the state `ok` and its code here. */
  readonly problem: { readonly code: UsageErrorCode; readonly message: string; readonly hint: string } | null;
  readonly buffered: number;
  /** Calls that are in the sums. */
  readonly written: number;
  /** Those of them that have no row of their own: see `hitRowsPerSecond`. */
  readonly summed: number;
  /** Rows that were lost: the buffer was full, or the ledger was closed. */
  readonly dropped: number;
  /** Where damaged files were moved to. */
  readonly setAside: readonly string[];
}

export interface Ledger extends AsyncDisposable {
  /** Takes a call into the buffer: no I/O, never throws. */
  record(call: CallRecord): void;
  /** Writes what is buffered. Never rejects: `status()` says what went wrong. */
  flush(): Promise<void>;
  /** Rejects with `USAGE_LEDGER_CLOSED` only. */
  report(query?: ReportQuery): Promise<UsageReport>;
  /** Recent calls, newest first, buffered ones included. Rejects with `USAGE_LEDGER_CLOSED` only. */
  calls(query?: CallsQuery): Promise<readonly LedgerCall[]>;
  /** The newest call of this id; `undefined` when it has no row. Rejects with `USAGE_LEDGER_CLOSED` only. */
  call(requestId: string): Promise<LedgerCall | undefined>;
  /**
   * Calls that this process records, each soon after it was. Returns the way to stop. A listener that throws is
   * dropped.
   */
  subscribe(listener: (call: LedgerCall) => void): () => void;
  status(): LedgerStatus;
  /** Writes what is buffered and closes the file. */
  close(): Promise<void>;
}
