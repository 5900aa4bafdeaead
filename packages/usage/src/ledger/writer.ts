import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LedgerCall } from '../accounting.js';
import { entryOf } from '../entry-of.js';
import { addCounters, type Counters, countCall, counterNames, emptyCounters } from './counters.js';
import { createFacetIds } from './facet-ids.js';
import { encodeHistogram } from './histogram-bytes.js';
import type { RowAllowance } from './row-allowance.js';
import { rowOf, startedAtOf } from './rows.js';
import { dayMs, hourMs, minuteMs, startOf } from './spans.js';
import { failureOf } from './sqlite.js';

export interface Writer {
  /** Writes the calls in one transaction; one that can never be written is left out. */
  write(calls: readonly LedgerCall[]): Written;
}

interface Written {
  /** Calls that are in the sums. */
  readonly calls: number;
  /** Those of them that have a row of their own. */
  readonly rows: number;
}

type Row = ReturnType<typeof rowOf>;

/** What is added up for one series and one span of time. */
interface Sum {
  /** Length of the span, ms. */
  readonly span: number;
  /** Its start, epoch ms. */
  readonly at: number;
  readonly series: number;
  readonly counters: Counters;
}

export function createWriter(database: DatabaseSync, rowsFor: RowAllowance): Writer {
  const facets = createFacetIds(database);
  let insertCall: StatementSync | undefined;
  const addRollup = database.prepare(
    `INSERT INTO rollups (span, at, series, ${counterNames.join(', ')}, latency, first_byte)
     VALUES (?, ?, ?, ${counterNames.map(() => '?').join(', ')}, ?, ?)
     ON CONFLICT DO UPDATE SET ${counterNames.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')},
       latency = add_histograms(latency, excluded.latency),
       first_byte = add_histograms(first_byte, excluded.first_byte)`,
  );

  function insert(row: Row): void {
    if (insertCall === undefined) {
      const columns = Object.keys(row);
      insertCall = database.prepare(
        `INSERT INTO calls (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      );
    }
    // By place: to look up each name costs four times as much as the row itself.
    insertCall.run(...Object.values(row));
  }

  function writeAll(calls: readonly LedgerCall[]): Written {
    const minutes = new Map<string, Sum>();
    let counted = 0;
    let rows = 0;
    for (const call of calls) {
      try {
        const { facet, series } = facets.of(call);
        if (rowsFor.admits(call)) {
          insert(rowOf(call, facet));
          rows += 1;
        }
        countCall(sumAt(minutes, minuteMs, startOf(minuteMs, startedAtOf(call)), series), call);
        counted += 1;
      } catch (error) {
        if (!isBadRow(error)) throw error;
      }
    }
    const all = summed(minutes.values(), minuteMs, 0);
    const hours = summed(minutes.values(), hourMs);
    const allHours = summed(all.values(), hourMs);
    const days = summed(hours.values(), dayMs);
    const allDays = summed(allHours.values(), dayMs);
    for (const sums of [minutes, all, hours, allHours, days, allDays])
      for (const sum of sums.values()) addSum(sum);
    return { calls: counted, rows };
  }

  function addSum({ span, at, series, counters: { sums, latency, firstByte } }: Sum): void {
    addRollup.run(
      span,
      at,
      series,
      ...counterNames.map((name) => sums[name]),
      encodeHistogram(latency),
      encodeHistogram(firstByte),
    );
  }

  return {
    write(calls) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const written = writeAll(calls);
        database.exec('COMMIT');
        return written;
      } catch (error) {
        // Ids given out in a transaction that is undone may be given to others later.
        facets.forget();
        rollback(database);
        throw error;
      }
    },
  };
}

/** The same, added up for longer spans; of all series together where `series` is given. */
function summed(sums: Iterable<Sum>, span: number, series?: number): Map<string, Sum> {
  const added = new Map<string, Sum>();
  for (const sum of sums)
    addCounters(sumAt(added, span, startOf(span, sum.at), series ?? sum.series), sum.counters);
  return added;
}

function sumAt(sums: Map<string, Sum>, span: number, at: number, series: number): Counters {
  const create = (): Sum => ({ span, at, series, counters: emptyCounters() });
  return entryOf(sums, `${at} ${series}`, create).counters;
}

/** SQLite ends a transaction by itself after some failures (a full disk); then there is nothing to roll back. */
function rollback(database: DatabaseSync): void {
  if (database.isTransaction) database.exec('ROLLBACK');
}

/** A value of the wrong type or size: the row's fault, and trying it again would hold up all others. */
function isBadRow(error: unknown): boolean {
  if (error instanceof TypeError) return true;
  return failureOf(error) === 'bad-row';
}
