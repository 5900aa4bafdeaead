import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Height of a row where only those in sight are drawn, px; the style sheet has the same. */
export const rowPx = 38;
/** Rows that are drawn above and below those in sight. */
const spare = 20;
/** As many rows are drawn whole: nobody waits for them. */
const wholeUpTo = 200;

export interface RowWindow {
  readonly place: RefObject<HTMLElement | null>;
  /** Only some of the rows are drawn, and all have the same height. */
  readonly isPartial: boolean;
  /** Index of the first row that is drawn, and behind the last one. */
  readonly start: number;
  readonly end: number;
  /** Room for those that are not, px. */
  readonly abovePx: number;
  readonly belowPx: number;
}

/** Which of many rows are to be drawn in a place that scrolls. */
export function useRowWindow(count: number): RowWindow {
  const place = useRef<HTMLElement>(null);
  const isPartial = count > wholeUpTo;
  const [first, setFirst] = useState(0);
  const [sight, setSight] = useState(30);

  useLayoutEffect(() => {
    const element = place.current;
    if (!isPartial || element === null) return undefined;
    const look = (): void => {
      // In steps, so that not each pixel draws the table anew.
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
  // Behind the end when a filter has left fewer rows.
  const start = Math.max(0, Math.min(first, count - sight) - spare);
  const end = Math.min(count, start + sight + 2 * spare + 10);
  return { place, isPartial, start, end, abovePx: start * rowPx, belowPx: (count - end) * rowPx };
}
