import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Sorting } from './sort-rows.js';
import { rowPx } from './use-row-window.js';

/** Rows searched for the one seen before; fewer than this arrive at once. */
const reach = 2000;

/** Keeps the rows in view in place while new ones arrive above. At the top of the table, the new ones are shown. */
export function useStayingRows<Row>(
  place: RefObject<HTMLElement | null>,
  rows: readonly Row[],
  sorting: Sorting | null,
  keyOf: (row: Row) => string,
): void {
  const before = useRef({ rows, sorting });
  useLayoutEffect(() => {
    const known = before.current;
    before.current = { rows, sorting };
    const element = place.current;
    if (element === null || element.scrollTop === 0 || known.sorting !== sorting) return;
    const top = Math.floor(element.scrollTop / rowPx);
    const read = known.rows[top];
    if (read === undefined) return;
    const key = keyOf(read);
    const moved = rows.slice(top, top + reach).findIndex((row) => keyOf(row) === key);
    if (moved > 0) element.scrollTop += moved * rowPx;
  }, [rows]);
}
