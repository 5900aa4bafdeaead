import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { LedgerCall } from '../accounting.js';
import type { CallsQuery } from './ledger-contract.js';
import { bounded, callOf } from './rows.js';
import { beginningLength, sliceRows } from './slices.js';

export type BoundedCallsQuery = CallsQuery & { readonly limit: number };

export interface CallsReader {
  /** One page, newest first. */
  calls(query: BoundedCallsQuery): LedgerCall[];
  /** The newest call with this id. */
  call(requestId: string): LedgerCall | undefined;
}

/** The columns of facets and their series by which calls can be filtered. */
const facetColumns = {
  status: 'status',
  cache: 'cache',
  provider: 'provider',
  model: 'model',
  tenant: 'tenant',
  key: 'gateway_key',
  project: 'project',
  stage: 'stage',
  surface: 'surface',
  errorCode: 'error_code',
} as const;

/** Fields of a query that are columns of a facet or its series. */
export const facetFields: readonly (keyof typeof facetColumns)[] = Object.keys(
  facetColumns,
) as (keyof typeof facetColumns)[];

const facetsWithSeries = 'facets JOIN series ON series.id = facets.series';
const wholeCalls = `SELECT * FROM calls JOIN facets ON facets.id = calls.facet JOIN series ON series.id = facets.series`;
const newestFirst = 'ORDER BY started_at DESC, request_id DESC LIMIT ?';

/** Appended to a prefix, it sorts after any text with that prefix. */
const highest = '\u{10ffff}';

interface Position {
  readonly startedAt: number;
  readonly requestId: string;
}

interface Found extends Position {
  readonly seq: number;
}

export function createCallsReader(database: DatabaseSync): CallsReader {
  /** Conditions on every row of the answer, however it is found. */
  function bounds({ before, since, until }: CallsQuery): Condition {
    const condition = new Condition();
    if (since !== undefined) condition.add('started_at >= ?', since);
    if (until !== undefined) condition.add('started_at < ?', until);
    if (before !== undefined)
      condition.add('(started_at, request_id) < (?, ?)', before.startedAt, before.requestId);
    return condition;
  }

  function facetsOf(query: CallsQuery): Condition {
    const condition = new Condition();
    for (const field of facetFields) {
      const value = query[field];
      if (value !== undefined) condition.add(`${facetColumns[field]} = ?`, bounded(value));
    }
    return condition;
  }

  function newest(query: BoundedCallsQuery): LedgerCall[] {
    const { sql, values } = bounds(query);
    return database
      .prepare(`${wholeCalls} WHERE ${sql} ${newestFirst}`)
      .all(...values, query.limit)
      .map(callOf);
  }

  function wholeOf(found: readonly Found[]): LedgerCall[] {
    const whole = database.prepare(`${wholeCalls} WHERE seq = ?`);
    return found.flatMap(({ seq }) => {
      const row = whole.get(seq);
      return row === undefined ? [] : [callOf(row)];
    });
  }

  /**
   * Takes facets by their newest call, and the newest calls of each, until no other facet can have newer ones. So rare calls are found as
   * quickly as common ones, however many calls lie in between.
   */
  function ofFacets(query: BoundedCallsQuery): LedgerCall[] {
    const { limit } = query;
    const inTime = bounds(query);
    const asked = facetsOf(query);
    const facets = database.prepare(
      `SELECT facets.id, newest FROM ${facetsWithSeries} WHERE newest >= ? AND ${asked.sql} ORDER BY newest DESC`,
    );
    const ofOne = database.prepare(
      `SELECT seq, started_at, request_id FROM calls
       WHERE facet = ? AND started_at >= ? AND (started_at, request_id) >= (?, ?) AND ${inTime.sql} ${newestFirst}`,
    );
    const { since = 0 } = query;
    let found: Found[] = [];
    for (const facet of facets.iterate(since, ...asked.values)) {
      const { startedAt, requestId } = found[limit - 1] ?? { startedAt: since, requestId: '' };
      if (Number(facet.newest) < startedAt) break;
      const newer = ofOne.all(Number(facet.id), startedAt, startedAt, requestId, ...inTime.values, limit);
      if (newer.length > 0) found = [...found, ...newer.map(foundOf)].sort(byNewest).slice(0, limit);
    }
    return wholeOf(found);
  }

  /** The newest calls whose ids lie between two: slice by slice of the rows, until no other slice can have newer ones. */
  function byRequest(least: string, most: string, query: BoundedCallsQuery): LedgerCall[] {
    const { limit, since = 0 } = query;
    const inTime = bounds(query);
    const asked = facetsOf(query);
    const slices = database.prepare(
      'SELECT slice, newest FROM slices WHERE newest >= ? AND oldest <= ? ORDER BY newest DESC',
    );
    const ofSlice = database.prepare(
      `SELECT seq FROM calls INDEXED BY calls_by_request
       WHERE seq / ${sliceRows} = ? AND substr(request_id, 1, ${beginningLength}) BETWEEN ? AND ?`,
    );
    const fitting = database.prepare(
      `SELECT seq, started_at, request_id FROM calls JOIN facets ON facets.id = facet JOIN series ON series.id = facets.series
       WHERE seq = ? AND request_id BETWEEN ? AND ? AND ${inTime.sql} AND ${asked.sql}`,
    );
    const begins = beginningOf(least);
    let found: Found[] = [];
    for (const { slice, newest } of slices.iterate(since, lastOf(query))) {
      if (Number(newest) < (found[limit - 1]?.startedAt ?? since)) break;
      for (const { seq } of ofSlice.all(Number(slice), begins, most)) {
        const row = fitting.get(Number(seq), least, most, ...inTime.values, ...asked.values);
        if (row !== undefined) found.push(foundOf(row));
      }
      found = found.sort(byNewest).slice(0, limit);
    }
    return wholeOf(found);
  }

  return {
    calls(query) {
      const prefix = bounded(query.requestIdPrefix ?? '');
      if (prefix !== '') return byRequest(prefix, prefix + highest, query);
      return facetFields.some((field) => query[field] !== undefined) ? ofFacets(query) : newest(query);
    },
    call(requestId) {
      const stored = bounded(requestId);
      return byRequest(stored, stored, { limit: 1 })[0];
    },
  };
}

/** Conditions that must all hold, and their values in order; always true while empty. */
class Condition {
  sql = 'TRUE';
  readonly values: SQLInputValue[] = [];

  add(sql: string, ...values: SQLInputValue[]): void {
    this.sql += ` AND ${sql}`;
    this.values.push(...values);
  }
}

/** No call that matches the query began later than this. */
function lastOf({ until = Number.MAX_SAFE_INTEGER, before }: CallsQuery): number {
  return Math.min(until, before?.startedAt ?? Number.MAX_SAFE_INTEGER);
}

/** As much of an id as the index of ids holds, in characters as SQLite counts them. */
function beginningOf(requestId: string): string {
  return [...requestId].slice(0, beginningLength).join('');
}

function foundOf(row: Record<string, SQLOutputValue>): Found {
  return { seq: Number(row.seq), startedAt: Number(row.started_at), requestId: String(row.request_id) };
}

function byNewest(a: Position, b: Position): number {
  if (a.startedAt !== b.startedAt) return b.startedAt - a.startedAt;
  return a.requestId < b.requestId ? 1 : a.requestId > b.requestId ? -1 : 0;
}
