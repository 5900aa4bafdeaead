import { numberIn, type Result } from './results.ts';
import type { Table } from './suite.ts';

/** What a figure of a suite must keep to. */
export interface Bound {
  /** Name of the suite. */
  readonly suite: string;
  /** Title of the table; without it, every table that has the column. */
  readonly table?: string;
  readonly column: string;
  /** First cell of the row; without it, the worst of all rows counts. */
  readonly row?: string;
  /** First cell of rows that do not count among all: those that ours are compared with. */
  readonly but?: string;
  /** The figure is what the row has over (times) or beyond (plus) this one. */
  readonly than?: { readonly row: string; readonly as: 'times' | 'plus' };
  readonly most?: number;
  readonly least?: number;
}

export interface Judgement {
  readonly bound: Bound;
  /** `hit in memory: core-cache, get`. */
  readonly what: string;
  readonly asked: string;
  /** NaN when the last run has no such figure. */
  readonly measured: number;
  readonly holds: boolean;
}

/** A bound beside the last result of its suite; one judgement for each table that it is about. */
export function judgeBound(bound: Bound, result: Result): Judgement[] {
  const { table: title, column } = bound;
  const tables = result.tables.filter((table) =>
    title === undefined ? table.columns.includes(column) : table.title === title,
  );
  if (tables.length === 0) return [unmeasured(bound)];
  return tables.map((table) => judgeIn(table, bound));
}

/** The last run was of a suite that did not have the figure yet. */
function unmeasured(bound: Bound): Judgement {
  const { table = '' } = bound;
  return {
    bound,
    what: `${table}: ${rowsOf(bound)}`,
    asked: askedOf(bound),
    measured: Number.NaN,
    holds: false,
  };
}

function rowsOf({ row, but }: Bound): string {
  return row ?? (but === undefined ? 'every row' : `every row but ${but}`);
}

function judgeIn(table: Table, bound: Bound): Judgement {
  const { row, but, column, than, most, least } = bound;
  const at = table.columns.indexOf(column);
  const cellOf = (name: string): number => numberIn(table.rows.find(([first]) => first === name)?.[at]);
  const own =
    row === undefined
      ? table.rows
          .filter(([first]) => first !== but)
          .map((cells) => numberIn(cells[at]))
          .filter(Number.isFinite)
      : [cellOf(row)];
  // The largest of no figures would keep to every bound.
  if (own.length === 0) return unmeasured({ ...bound, table: table.title });
  const worst = least === undefined ? Math.max(...own) : Math.min(...own);
  const measured = than === undefined ? worst : compared(worst, cellOf(than.row), than.as);
  const holds =
    measured <= (most ?? Number.POSITIVE_INFINITY) && measured >= (least ?? Number.NEGATIVE_INFINITY);
  return { bound, what: `${table.title}: ${rowsOf(bound)}`, asked: askedOf(bound), measured, holds };
}

function askedOf({ column, than, most, least }: Bound): string {
  const unit = than?.as === 'times' ? `times \`${than.row}\`` : column;
  const beyond = than?.as === 'plus' ? ` beyond \`${than.row}\`` : '';
  return `${unit}${beyond} ${most === undefined ? `≥ ${least}` : `≤ ${most}`}`;
}

function compared(one: number, other: number, as: 'times' | 'plus'): number {
  return as === 'times' ? one / other : one - other;
}
