import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { type Sorting, type SortValue, sortRows } from './sort-rows.js';
import { useRowWindow } from './use-row-window.js';
import { useStayingRows } from './use-staying-rows.js';

export interface Column<Row> {
  readonly name: string;
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** The sort value of a row; without it the column is not sortable. */
  readonly sortBy?: (row: Row) => SortValue;
  /** Aligned to the right. */
  readonly isNumber?: boolean;
  /** Left out on narrow screens. */
  readonly isWide?: boolean;
  /** Names the row; one column at most. */
  readonly isRowHeader?: boolean;
  /** Width in CSS; used if only the visible rows are rendered, or if the view fixes the widths. */
  readonly width?: string;
}

interface DataTableProps<Row> {
  /** Name of the table, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Default: in the order of `rows`. */
  readonly sorting?: Sorting;
  /** Marks one row. */
  readonly isChosen?: (row: Row) => boolean;
  /** A class of a row. */
  readonly rowClass?: (row: Row) => string | undefined;
  /** Where the columns do not fit, each row becomes a few lines. Not for tables that render only the visible rows. */
  readonly stacks?: boolean;
  /** Called when the last row is in sight, or nearly, to load more of a long list. */
  readonly onEnd?: () => void;
}

/** A table sortable by its headers. With more than 200 rows, it scrolls and renders only the rows in sight. */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  const { label, columns, rows, keyOf, isChosen, rowClass, onEnd, stacks = false } = props;
  const [sorting, setSorting] = useState<Sorting | null>(props.sorting ?? null);
  const sortBy = columns.find(({ name }) => name === sorting?.by)?.sortBy;
  const sorted = useMemo(
    () => (sorting === null || sortBy === undefined ? rows : sortRows(rows, sortBy, sorting.isDescending)),
    [rows, sortBy, sorting],
  );
  const { place, isPartial, start, end, abovePx, belowPx } = useRowWindow(sorted.length);
  useStayingRows(place, sorted, sorting, keyOf);
  const isAtEnd = isPartial && end === sorted.length;
  useEffect(() => {
    if (isAtEnd) onEnd?.();
  }, [isAtEnd, sorted.length]);
  const sort = (name: string): void =>
    setSorting({ by: name, isDescending: sorting?.by === name ? !sorting.isDescending : false });

  return (
    <section
      ref={place}
      class={`table-place${isPartial ? ' partial' : stacks ? ' stacks' : ''}`}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
      tabIndex={0}
    >
      <table aria-rowcount={sorted.length + 1}>
        <colgroup>
          {columns.map((column) => (
            <col
              key={column.name}
              class={classOf(column)}
              style={column.width === undefined ? {} : { '--width': column.width }}
            />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Head key={column.name} column={column} sorting={sorting} onSort={sort} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap heightPx={abovePx} />
          {sorted.slice(start, end).map((row, index) => (
            <tr
              key={keyOf(row)}
              class={rowClass?.(row)}
              aria-rowindex={start + index + 2}
              aria-current={isChosen?.(row) ? 'true' : undefined}
            >
              {columns.map((column) => (
                <Cell key={column.name} column={column} row={row} />
              ))}
            </tr>
          ))}
          <Gap heightPx={belowPx} />
        </tbody>
      </table>
    </section>
  );
}

interface HeadProps<Row> {
  readonly column: Column<Row>;
  readonly sorting: Sorting | null;
  readonly onSort: (name: string) => void;
}

function Head<Row>({ column, sorting, onSort }: HeadProps<Row>): JSX.Element {
  const { name, title, sortBy } = column;
  if (sortBy === undefined) {
    return (
      <th scope="col" class={classOf(column)}>
        {title}
      </th>
    );
  }
  const order = sorting?.by === name ? (sorting.isDescending ? 'descending' : 'ascending') : 'none';
  return (
    <th scope="col" class={classOf(column)} aria-sort={order}>
      <button type="button" class="sort" onClick={() => onSort(name)}>
        {title}
      </button>
    </th>
  );
}

function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }): JSX.Element {
  const content = column.cell(row);
  if (!column.isRowHeader) {
    return (
      <td class={classOf(column)} data-title={column.title}>
        {content}
      </td>
    );
  }
  return (
    <th scope="row" class={classOf(column)}>
      {content}
    </th>
  );
}

function classOf<Row>({ name, isNumber, isWide }: Column<Row>): string {
  return `column-${name}${isNumber ? ' number' : ''}${isWide ? ' wide' : ''}`;
}

/** A single cell, since the number of visible columns depends on the screen width. */
function Gap({ heightPx }: { readonly heightPx: number }): JSX.Element | null {
  if (heightPx <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row takes no focus
    <tr class="gap" aria-hidden="true">
      <td style={{ height: `${heightPx}px` }} />
    </tr>
  );
}
