import type { CallRecord } from '@ai-toolkit/ai-client';
import { accountAll, type LedgerCall } from '../accounting.js';
import { UsageError } from '../errors.js';
import { createPriceTable, type PriceTable } from '../prices/price-table.js';
import { createAnnouncer } from './announcer.js';
import { mergeCalls } from './buffered-calls.js';
import type { CallsQuery, Ledger, LedgerStatus, ReportQuery, UsageReport } from './ledger-contract.js';
import { checkCallsQuery, checkLedgerOptions, checkReportQuery, checkRequestId } from './options-check.js';
import { buildReport } from './report.js';
import { createRowAllowance } from './row-allowance.js';
import { dayMs, keepMinutesMs } from './spans.js';
import { failureOf } from './sqlite.js';
import { createStoreAccess } from './store-access.js';

export interface LedgerOptions {
  /** The SQLite file; missing folders are created. `:memory:` keeps the ledger in memory. */
  readonly path: string;
  /** Prices for whatever is recorded from now on. Default: the built-in list. */
  readonly prices?: PriceTable;
  /** Epoch, ms. Default: `Date.now`. */
  readonly clock?: () => number;
  /** Longest time that a call waits in memory before it is written, ms, and so what a killed process loses. Default 1000. */
  readonly flushIntervalMs?: number;
  /** How many calls wait in memory while the file cannot be written; beyond it the oldest are dropped. Default 10,000. */
  readonly maxBuffered?: number;
  /**
   * How many hits per second get a row of their own, after a burst worth ten seconds; the others are only in the totals. Calls that asked a
   * provider, failed or were aborted always get one. Default 1000.
   */
  readonly hitRowsPerSecond?: number;
  /** How long individual calls are kept, ms. Hourly totals outlive them. Default 30 days. */
  readonly keepCallsMs?: number;
  /** How many individual calls are kept. Default 1,000,000. */
  readonly maxCalls?: number;
  /** How long hourly totals are kept, ms. Default 2 years. */
  readonly keepRollupsMs?: number;
}

/** A batch is one transaction and blocks the event loop, for tens of ms if it is full. Larger batches write fewer sums per call. */
const batchSize = 1000;
const pruneEveryMs = 3_600_000;
/** Pause before pruning again after another process held the lock, ms: each attempt blocks for up to 100 ms. */
const pruneAgainMs = 60_000;
const pruneBatch = 2000;

/** Opens a ledger. It does not touch the disk until something is written or read. */
export function createLedger(options: LedgerOptions): Ledger {
  checkLedgerOptions(options);
  const { path, clock = Date.now, flushIntervalMs = 1000, maxBuffered = 10_000 } = options;
  const { keepCallsMs = 30 * dayMs, maxCalls = 1_000_000, keepRollupsMs = 730 * dayMs } = options;
  const { hitRowsPerSecond = 1000 } = options;
  const prices = options.prices ?? createPriceTable();
  const access = createStoreAccess(path, clock, createRowAllowance(hitRowsPerSecond, clock));
  const announcer = createAnnouncer(prices);

  const buffer: CallRecord[] = [];
  let timer: NodeJS.Timeout | undefined;
  let written = 0;
  let summed = 0;
  let dropped = 0;
  let nextPruneAt = 0;
  let closing: Promise<void> | undefined;
  let closed = false;

  function arm(): void {
    if (timer !== undefined || closed) return;
    timer = setTimeout(() => {
      timer = undefined;
      void flush().then(() => {
        if (buffer.length > 0) arm();
      });
    }, flushIntervalMs);
    timer.unref();
  }

  /** Writes one batch; false when the file cannot be written now. */
  function writeBatch(): boolean {
    const batch = buffer.slice(0, batchSize);
    const done = access.use((store) => store.write(accountAll(batch, prices)));
    if (done === undefined) return false;
    buffer.splice(0, batch.length);
    written += done.calls;
    summed += done.calls - done.rows;
    dropped += batch.length - done.calls;
    return true;
  }

  /** Writes full batches, and leaves the rest to the timer. */
  function writeFull(): void {
    if (buffer.length >= batchSize && writeBatch()) setImmediate(writeFull);
  }

  async function flush(): Promise<void> {
    while (buffer.length > 0 && writeBatch()) {
      if (buffer.length > 0) await nextTurn();
    }
    prune();
  }

  function prune(): void {
    const now = clock();
    // A wait that is too long was set by a clock that has been set back since.
    const isEarly = now < nextPruneAt && nextPruneAt - now <= pruneEveryMs;
    if (closed || isEarly || access.failing) return;
    const bounds = {
      callsBefore: now - keepCallsMs,
      maxCalls,
      minutesBefore: now - keepMinutesMs,
      sumsBefore: now - keepRollupsMs,
    };
    const deleted = access.use((store) => unlessLocked(() => store.prune(bounds, pruneBatch)));
    if (deleted === undefined) nextPruneAt = now + pruneAgainMs;
    else nextPruneAt = deleted === pruneBatch ? now : now + pruneEveryMs;
  }

  async function close(): Promise<void> {
    clearTimeout(timer);
    access.lastTry();
    await flush();
    closed = true;
    dropped += buffer.length;
    buffer.length = 0;
    announcer.close();
    access.close();
  }

  function mustBeOpen(): void {
    if (!closed && closing === undefined) return;
    throw new UsageError('USAGE_LEDGER_CLOSED', 'the ledger is closed', {
      hint: 'Ask the ledger before close(), or create another one on the same file.',
      retryable: false,
    });
  }

  return {
    record(call: CallRecord): void {
      if (closed) {
        dropped += 1;
        return;
      }
      if (buffer.length >= maxBuffered) {
        // A tenth at a time, so that a ledger that cannot write does not move the whole buffer on every call.
        dropped += buffer.splice(0, Math.ceil(maxBuffered / 10)).length;
      }
      // A full batch does not wait for the interval: the garbage collector moves objects that are kept for long again and again.
      if (buffer.push(call) === batchSize) setImmediate(writeFull);
      announcer.announce(call);
      arm();
    },

    flush,

    async report(query: ReportQuery = {}): Promise<UsageReport> {
      mustBeOpen();
      checkReportQuery(query);
      await flush();
      mustBeOpen();
      const stored = access.read((store) => store.report(query.since, query.by));
      const incomplete =
        stored === undefined ? (access.problem?.message ?? 'the ledger is being retried') : null;
      return buildReport({ query, stored, buffered: accountAll(buffer, prices), until: clock(), incomplete });
    },

    async calls(query: CallsQuery = {}): Promise<readonly LedgerCall[]> {
      mustBeOpen();
      checkCallsQuery(query);
      const bounded = { ...query, limit: Math.min(query.limit ?? 100, 1000) };
      const stored = access.read((store) => store.calls(bounded)) ?? [];
      return mergeCalls(stored, accountAll(buffer, prices), bounded);
    },

    async call(requestId: string): Promise<LedgerCall | undefined> {
      mustBeOpen();
      checkRequestId(requestId);
      const waiting = buffer.findLast((call) => call.requestId === requestId);
      if (waiting !== undefined) return accountAll([waiting], prices)[0];
      return access.read((store) => store.call(requestId));
    },

    subscribe: announcer.subscribe,

    status(): LedgerStatus {
      const problem = access.problem;
      return {
        path,
        state: closed ? 'closed' : access.failing ? 'degraded' : 'ok',
        problem:
          problem === undefined ? null : { code: problem.code, message: problem.message, hint: problem.hint },
        buffered: buffer.length,
        written,
        summed,
        dropped,
        setAside: [...access.setAside],
      };
    },

    close(): Promise<void> {
      closing ??= close();
      return closing;
    },
    [Symbol.asyncDispose](): Promise<void> {
      return this.close();
    },
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Runs housekeeping, which is no reason to call the ledger degraded: undefined while another process holds the lock. */
function unlessLocked<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (failureOf(error) === 'busy') return undefined;
    throw error;
  }
}
