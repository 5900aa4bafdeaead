import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { LedgerCall } from '../accounting.js';
import type { CallsQuery } from './ledger-contract.js';
import { callOf } from './rows.js';

export type BoundedCallsQuery = CallsQuery & { readonly limit: number };

export interface CallsReader {
  /** One page, newest first. */
  calls(query: BoundedCallsQuery): LedgerCall[];
  /** The newest call with this id. */
  call(requestId: string): LedgerCall | undefined;
}

/** The columns of facets and their series that calls are looked for by. */
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

/** Fields of a query that a facet has. */
export const facetFields: readonly (keyof typeof facetColumns)[] = Object.keys(
  facetColumns,
) as (keyof typeof facetColumns)[];

const facetsWithSeries = 'facets JOIN series ON series.id = facets.series';
const wholeCalls = `SELECT * FROM calls JOIN facets ON facets.id = calls.facet JOIN series ON series.id = facets.series`;
const newestFirst = 'ORDER BY started_at DESC, request_id DESC LIMIT ?';

/** The parts of the time that ids are sorted in, by how they begin: see the index `calls_by_request`. */
const sliceMs = 120_000;
const beginningLength = 8;

/** From the newest slice to the oldest, those without calls left out: where ids that begin so are. */
const beginningsSql = `
  WITH RECURSIVE slices(slice) AS (
    SELECT * FROM (
      SELECT started_at / 120000 FROM calls WHERE started_at / 120000 <= ?1 ORDER BY started_at / 120000 DESC LIMIT 1)
    UNION ALL
    SELECT (
      SELECT started_at / 120000 FROM calls WHERE started_at / 120000 < slices.slice
      ORDER BY started_at / 120000 DESC LIMIT 1) FROM slices WHERE slice >= ?2)
  SELECT slice, seq FROM slices CROSS JOIN calls
  ON started_at / 120000 = slice AND substr(request_id, 1, 8) >= ?3 AND substr(request_id, 1, 8) < ?4`;

/** Greater than any text that begins with what it is appended to. */
const highest = '\u{10ffff}';

interface Position {
  readonly startedAt: number;
  readonly requestId: string;
}

interface Found extends Position {
  readonly seq: number;
}

export function createCallsReader(database: DatabaseSync): CallsReader {
  /** What every row of the answer has to satisfy, whatever way it is found. */
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
      if (value !== undefined) condition.add(`${facetColumns[field]} = ?`, value);
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

  /**
   * Facets by their newest call; of each the newest calls, until no other facet can have newer ones. So what is rare is found as
   * quickly as what is not, however many calls lie between.
   */
  function ofFacets(query: BoundedCallsQuery): LedgerCall[] {
    const { limit } = query;
    const inTime = bounds(query);
    const asked = facetsOf(query);
    const facets = database.prepare(
      `SELECT id, (SELECT MAX(started_at) FROM calls WHERE facet = facets.id AND started_at <= ?) AS newest
       FROM (SELECT facets.id FROM ${facetsWithSeries} WHERE ${asked.sql}) AS facets
       WHERE newest >= ? ORDER BY newest DESC`,
    );
    const ofOne = database.prepare(
      `SELECT seq, started_at, request_id FROM calls
       WHERE facet = ? AND started_at >= ? AND ${inTime.sql} ${newestFirst}`,
    );
    const { since = 0, until = Number.MAX_SAFE_INTEGER, before } = query;
    const last = Math.min(until, before?.startedAt ?? Number.MAX_SAFE_INTEGER);
    let found: Found[] = [];
    for (const facet of facets.iterate(last, ...asked.values, since)) {
      const least = found.length < limit ? since : (found[limit - 1]?.startedAt ?? since);
      if (Number(facet.newest) < least) break;
      for (const row of ofOne.all(Number(facet.id), least, ...inTime.values, limit)) found.push(foundOf(row));
      found = found.sort(byNewest).slice(0, limit);
    }
    const whole = database.prepare(`${wholeCalls} WHERE seq = ?`);
    return found.flatMap(({ seq }) => {
      const row = whole.get(seq);
      return row === undefined ? [] : [callOf(row)];
    });
  }

  /** Slice by slice of the time, as ids are sorted within each. */
  function* byRequest(prefix: string, query: CallsQuery): Generator<LedgerCall> {
    const inTime = bounds(query);
    const asked = facetsOf(query);
    const begins = [...prefix].slice(0, beginningLength).join('');
    const { since = 0, until = Number.MAX_SAFE_INTEGER, before } = query;
    const last = Math.min(until, before?.startedAt ?? until);
    const slices = [Math.floor(last / sliceMs), Math.floor(since / sliceMs)];
    const whole = database.prepare(
      `${wholeCalls} WHERE seq = ? AND request_id >= ? AND request_id < ? AND ${inTime.sql} AND ${asked.sql}`,
    );
    let current: unknown;
    let found: LedgerCall[] = [];
    for (const { slice, seq } of database
      .prepare(beginningsSql)
      .iterate(...slices, begins, begins + highest)) {
      if (slice !== current) yield* found.sort(byNewest);
      if (slice !== current) found = [];
      current = slice;
      const row = whole.get(Number(seq), prefix, prefix + highest, ...inTime.values, ...asked.values);
      if (row !== undefined) found.push(callOf(row));
    }
    yield* found.sort(byNewest);
  }

  return {
    calls(query) {
      const { requestIdPrefix: prefix = '', limit } = query;
      if (prefix !== '') return firstOf(byRequest(prefix, query), limit);
      return facetFields.some((field) => query[field] !== undefined) ? ofFacets(query) : newest(query);
    },
    call(requestId) {
      for (const call of byRequest(requestId, {})) if (call.requestId === requestId) return call;
      return undefined;
    },
  };
}

/** Conditions that all have to hold, and their values in order; holds always while nothing was added. */
class Condition {
  sql = 'TRUE';
  readonly values: SQLInputValue[] = [];

  add(sql: string, ...values: SQLInputValue[]): void {
    this.sql += ` AND ${sql}`;
    this.values.push(...values);
  }
}

function firstOf(calls: Generator<LedgerCall>, count: number): LedgerCall[] {
  const first: LedgerCall[] = [];
  for (const call of calls) {
    first.push(call);
    if (first.length === count) break;
  }
  return first;
}

function foundOf(row: Record<string, SQLOutputValue>): Found {
  return { seq: Number(row.seq), startedAt: Number(row.started_at), requestId: String(row.request_id) };
}

function byNewest(a: Position, b: Position): number {
  if (a.startedAt !== b.startedAt) return b.startedAt - a.startedAt;
  return a.requestId < b.requestId ? 1 : a.requestId > b.requestId ? -1 : 0;
}
