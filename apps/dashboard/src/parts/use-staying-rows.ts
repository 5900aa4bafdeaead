import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Sorting } from './sort-rows.js';
import { rowPx } from './use-row-window.js';

/** More rows than these do not come at once. */
const reach = 2000;

/** Keeps in its place what somebody reads far down in a table, while rows come in above it. At the top one sees them come. */
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
