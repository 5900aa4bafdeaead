import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Height of a row in a partially rendered table, px; must match the style sheet. */
export const rowPx = 38;
/** Rows rendered above and below those in sight. */
const spare = 20;
/** Up to this many rows are all rendered, which is fast enough. */
const wholeUpTo = 200;

export interface RowWindow {
  readonly place: RefObject<HTMLElement | null>;
  /** Whether only some of the rows are rendered; all then have the same height. */
  readonly isPartial: boolean;
  /** Index of the first rendered row, and one past the last. */
  readonly start: number;
  readonly end: number;
  /** Space for the rows not rendered, px. */
  readonly abovePx: number;
  readonly belowPx: number;
}

/** Determines which of many rows to render in a scrollable element. */
export function useRowWindow(count: number): RowWindow {
  const place = useRef<HTMLElement>(null);
  const isPartial = count > wholeUpTo;
  const [first, setFirst] = useState(0);
  const [sight, setSight] = useState(30);

  useLayoutEffect(() => {
    const element = place.current;
    if (!isPartial || element === null) return undefined;
    const look = (): void => {
      // In steps of ten rows, to avoid a render for each pixel.
      setFirst(Math.floor(element.scrollTop / rowPx / 10) * 10);
      setSight(Math.ceil(element.clientHeight / rowPx));
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      sizes.disconnect();
    };
  }, [isPartial]);

  if (!isPartial) return { place, isPartial, start: 0, end: count, abovePx: 0, belowPx: 0 };
  // `first` may be past the end after a filter has reduced the rows.
  const start = Math.max(0, Math.min(first, count - sight) - spare);
  const end = Math.min(count, start + sight + 2 * spare + 10);
  return { place, isPartial, start, end, abovePx: start * rowPx, belowPx: (count - end) * rowPx };
}
