import { numberIn, type Result } from './results.ts';
import type { Table } from './suite.ts';

/** A bound on a figure of a suite. */
export interface Bound {
  /** Name of the suite. */
  readonly suite: string;
  /** Title of the table. Default: every table with the column. */
  readonly table?: string;
  readonly column: string;
  /** First cell of the row. Default: the worst of all rows. */
  readonly row?: string;
  /** First cell of rows to leave out of all rows: those that ours are compared with. */
  readonly but?: string;
  /** Bounds the ratio to (`times`) or the difference from (`plus`) this row. */
  readonly than?: { readonly row: string; readonly as: 'times' | 'plus' };
  readonly most?: number;
  readonly least?: number;
}

export interface Judgement {
  readonly bound: Bound;
  /** `hit in memory: core-cache, get`. */
  readonly what: string;
  readonly asked: string;
  /** NaN if the last run lacks the figure. */
  readonly measured: number;
  readonly holds: boolean;
}

/** Judges a bound by the last result of its suite, once for each table it applies to. */
export function judgeBound(bound: Bound, result: Result): Judgement[] {
  const { table: title, column } = bound;
  const tables = result.tables.filter((table) =>
    title === undefined ? table.columns.includes(column) : table.title === title,
  );
  if (tables.length === 0) return [unmeasured(bound)];
  return tables.map((table) => judgeIn(table, bound));
}

/** For a figure that the suite did not have yet in its last run. */
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
  // The maximum of an empty list would satisfy every bound.
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
