/** What a control that is gone is replaced by. No fields: to enter one by itself would open the keyboard of a phone. */
const controls = 'a[href], button:not(:disabled), summary';

interface Place {
  readonly element: Element;
  /** What it is in, the nearest first: when it is removed, nothing tells any more. */
  readonly around: readonly Element[];
  /** In the document, px. */
  readonly x: number;
  readonly y: number;
}

/**
 * Whoever works by keyboard stays where they are when the control they have used goes away, as a row does that was deleted, or cannot
 * be used for a while, as a button while it works: else they would begin again at the top of the page. Returns the way to stop.
 */
export function keepFocus(root: HTMLElement): () => void {
  let last: Place | null = null;
  let wasDisabled = false;
  const note = ({ target }: FocusEvent): void => {
    last = target instanceof Element ? placeOf(target) : null;
    wasDisabled = false;
  };
  const look = (changes: readonly MutationRecord[]): void => {
    if (last === null) return;
    const { element } = last;
    if (element.isConnected && element.matches(':disabled')) wasDisabled = true;
    else if (document.activeElement === document.body) {
      // One that is still there was left on purpose.
      const next = element.isConnected ? (wasDisabled ? element : null) : successor(last, changes);
      last = null;
      if (next instanceof HTMLElement) next.focus({ preventScroll: true });
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
  root.addEventListener('focusin', note);
  return () => {
    observer.disconnect();
    root.removeEventListener('focusin', note);
  };
}

function placeOf(element: Element): Place {
  const around: Element[] = [];
  for (let parent = element.parentElement; parent !== null; parent = parent.parentElement)
    around.push(parent);
  return { element, around, ...positionOf(element) };
}

function positionOf(element: Element): Pick<Place, 'x' | 'y'> {
  const { left, top } = element.getBoundingClientRect();
  return { x: left + window.scrollX, y: top + window.scrollY };
}

/**
 * What takes the place of a control that is gone: in the smallest part of the page that is left of what it was in, the nearest of those
 * that have just come, or else of all; where there is none, the heading of the view.
 */
function successor({ around, x, y }: Place, changes: readonly MutationRecord[]): Element | null {
  const main = document.querySelector('main');
  const come = changes.flatMap(({ addedNodes }) => [...addedNodes]);
  for (const part of around) {
    if (!part.isConnected) continue;
    if (main === null || !main.contains(part) || part === main) break;
    const there = [...part.querySelectorAll(controls)].filter((control) => control.checkVisibility());
    const fresh = there.filter((control) => come.some((node) => node.contains(control)));
    const found = nearest(fresh.length > 0 ? fresh : there, { x, y });
    if (found !== undefined) return found;
  }
  return main?.querySelector('h2') ?? null;
}

function nearest(all: readonly Element[], place: Pick<Place, 'x' | 'y'>): Element | undefined {
  const away = (element: Element): number => distance(positionOf(element), place);
  return [...all].sort((a, b) => away(a) - away(b))[0];
}

/** Along the page counts more than across it: what is in the same line is nearer. */
function distance(a: Pick<Place, 'x' | 'y'>, b: Pick<Place, 'x' | 'y'>): number {
  return Math.abs(a.x - b.x) + 4 * Math.abs(a.y - b.y);
}
