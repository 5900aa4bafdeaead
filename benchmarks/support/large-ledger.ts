import { DatabaseSync } from 'node:sqlite';
import type { CallRecord } from '@ai-toolkit/ai-client';
import { createLedger } from '@ai-toolkit/usage';

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** How long the ledger keeps sums per minute. */
const keepMinutesMs = 25 * 3_600_000;

export interface LargeLedgerOptions {
  /** The file to create. */
  readonly path: string;
  /** The calls of the first day, in order of their end. */
  readonly firstDay: Iterable<CallRecord>;
  /** Number of days. */
  readonly days: number;
  /** End of the last day, epoch, ms: a multiple of a day. */
  readonly endsAt: number;
}

/**
 * Builds a ledger of many equal days. The ledger itself writes the first; the others are copies shifted by whole days, so that their sums
 * are exactly those that the ledger would have written. Request ids differ between days.
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
    // Safe, since nobody else uses the file yet; the ledger later opens it with its own settings.
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

/** A different id for each day: rehashes the first eight characters, which searches by id prefix use. */
const copiedIdSql = `printf('%08x', (seq * 2654435761 + ?1 * 40503) & 4294967295) || substr(request_id, 9)`;

/** The id of a call's copy `day` days later; `seq` is the call's position in the first day, from 1. */
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
