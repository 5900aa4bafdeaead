import type { DatabaseSync } from 'node:sqlite';
import type { LedgerCall } from '../accounting.js';
import { counterNames } from './counters.js';
import { createFacetIds } from './facet-ids.js';
import type { RowAllowance } from './row-allowance.js';
import { rowColumns, rowOf, startedAtOf } from './rows.js';
import { createSliceNotes } from './slices.js';
import { failureOf } from './sqlite.js';
import { Sums } from './sums.js';
import { inTransaction } from './transaction.js';

export interface Writer {
  /** Writes the calls in one transaction; any that can never be written are left out. */
  write(calls: readonly LedgerCall[]): Written;
}

interface Written {
  /** Calls that are in the sums. */
  readonly calls: number;
  /** How many of them have a row of their own. */
  readonly rows: number;
}

export function createWriter(database: DatabaseSync, rowsFor: RowAllowance): Writer {
  const facets = createFacetIds(database);
  const slices = createSliceNotes(database);
  const insertCall = database.prepare(
    `INSERT INTO calls (${rowColumns.join(', ')}) VALUES (${rowColumns.map(() => '?').join(', ')})`,
  );
  const addSum = database.prepare(
    `INSERT INTO sums (span, dimension, at, name, ${counterNames.join(', ')}, latency, first_byte)
     VALUES (?, ?, ?, ?, ${counterNames.map(() => '?').join(', ')}, ?, ?)
     ON CONFLICT DO UPDATE SET ${counterNames.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')},
       latency = add_histograms(latency, excluded.latency),
       first_byte = add_histograms(first_byte, excluded.first_byte)`,
  );

  function insert(call: LedgerCall, facet: number): void {
    // By position: binding by name would cost four times as much as the row itself.
    const { lastInsertRowid } = insertCall.run(...rowOf(call, facet));
    const startedAt = startedAtOf(call);
    slices.add(Number(lastInsertRowid), startedAt);
    facets.add(facet, startedAt);
  }

  function writeAll(calls: readonly LedgerCall[]): Written {
    const sums = new Sums();
    let counted = 0;
    let rows = 0;
    facets.begin();
    for (const call of calls) {
      try {
        const { facet, series } = facets.of(call);
        if (rowsFor.admits(call)) {
          insert(call, facet);
          rows += 1;
        }
        sums.add(call, series);
        counted += 1;
      } catch (error) {
        if (!isBadRow(error)) throw error;
      }
    }
    slices.write();
    facets.write();
    for (const { span, dimension, at, name, counters } of sums.all()) {
      const { latency, firstByte } = sums.histograms(counters);
      addSum.run(
        span,
        dimension,
        at,
        name,
        ...counterNames.map((name) => counters.sums[name]),
        latency,
        firstByte,
      );
    }
    return { calls: counted, rows };
  }

  return {
    write(calls) {
      try {
        return inTransaction(database, () => writeAll(calls));
      } catch (error) {
        // Ids created in a transaction that is rolled back may be given to others later.
        facets.forget();
        slices.forget();
        throw error;
      }
    },
  };
}

/** A value of the wrong type or size: the row's fault, and retrying it would hold up all others. */
function isBadRow(error: unknown): boolean {
  if (error instanceof TypeError) return true;
  return failureOf(error) === 'bad-row';
}
