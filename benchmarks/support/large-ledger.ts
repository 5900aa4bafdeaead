import { DatabaseSync } from 'node:sqlite';
import type { CallRecord } from '@ai-toolkit/ai-client';
import { createLedger } from '@ai-toolkit/usage';

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** As the ledger keeps sums per minute. */
const keepMinutesMs = 25 * 3_600_000;

export interface LargeLedgerOptions {
  /** The file to be made. */
  readonly path: string;
  /** The calls of the first day, in the order of their ends. */
  readonly firstDay: Iterable<CallRecord>;
  /** How many days there are. */
  readonly days: number;
  /** When the last day ends, epoch, ms: a multiple of a day. */
  readonly endsAt: number;
}

/**
 * Makes a ledger of many equal days: the first is written by the ledger itself, the others are copies of it, later by whole days, so
 * that their sums are to the last digit those that the ledger would have made. Ids of requests are others on each day.
 */
export async function buildLargeLedger({ path, firstDay, days, endsAt }: LargeLedgerOptions): Promise<void> {
  const clock = (): number => endsAt - (days - 1) * dayMs;
  await using ledger = createLedger({
    path,
    clock,
    maxBuffered: 100_000,
    hitRowsPerSecond: Number.MAX_SAFE_INTEGER,
    flushIntervalMs: 2 ** 31 - 1,
  });
  let waiting = 0;
  for (const call of firstDay) {
    ledger.record(call);
    waiting += 1;
    if (waiting % 50_000 === 0) await ledger.flush();
  }
  await ledger.close();
  copyDays(path, days, endsAt);
}

function copyDays(path: string, days: number, endsAt: number): void {
  const database = new DatabaseSync(path);
  try {
    // Nobody else reads the file yet; the ledger opens it as it opens any other.
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000');
    const columns = columnsOf(database, 'calls').filter(
      (name) => !['seq', 'started_at', 'request_id'].includes(name),
    );
    const sums = columnsOf(database, 'sums').filter((name) => name !== 'at');
    const last = Number(database.prepare('SELECT MAX(seq) AS seq FROM calls').get()?.seq);
    const copyCalls = database.prepare(
      `INSERT INTO calls (started_at, request_id, ${columns.join(', ')})
       SELECT started_at + ?1 * ${dayMs}, ${copiedIdSql}, ${columns.join(', ')} FROM calls WHERE seq <= ?2 ORDER BY seq`,
    );
    const copySums = database.prepare(
      `INSERT INTO sums (at, ${sums.join(', ')})
       SELECT at + ?1 * ${dayMs}, ${sums.join(', ')} FROM sums WHERE at < ?2 AND
         (span > ${minuteMs} OR at + ?1 * ${dayMs} >= ?3)`,
    );
    const firstEndsAt = endsAt - (days - 1) * dayMs;
    for (let day = 1; day < days; day += 1) {
      database.exec('BEGIN');
      copyCalls.run(day, last);
      copySums.run(day, firstEndsAt, endsAt - keepMinutesMs);
      database.exec('COMMIT');
    }
    database.exec(`DELETE FROM slices;
      INSERT INTO slices SELECT seq / 8192, MIN(started_at), MAX(started_at) FROM calls GROUP BY seq / 8192`);
    database.prepare(`DELETE FROM sums WHERE span = ${minuteMs} AND at < ?`).run(endsAt - keepMinutesMs);
  } finally {
    database.close();
  }
}

/** Another id for each day: its first eight characters, which those who look for one go by, are mixed anew. */
const copiedIdSql = `printf('%08x', (seq * 2654435761 + ?1 * 40503) & 4294967295) || substr(request_id, 9)`;

/** The id that the copy of a call has `day` days later; `seq`: which call of the first day it is, from 1 on. */
export function copiedId(requestId: string, seq: number, day: number): string {
  const mixed = (BigInt(seq) * 2_654_435_761n + BigInt(day) * 40_503n) & 4_294_967_295n;
  return mixed.toString(16).padStart(8, '0') + requestId.slice(8);
}

function columnsOf(database: DatabaseSync, table: string): string[] {
  return database
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map(({ name }) => String(name));
}
