import { useEffect, useState } from 'preact/hooks';
import { type Route, routeOf } from './route.js';

/** The current route; follows links and the back button. */
export function useRoute(): Route {
  const [hash, setHash] = useState(window.location.hash);
  useEffect(() => {
    const follow = (): void => setHash(window.location.hash);
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return routeOf(hash);
}

/** Navigates to an address from `hrefOf`, like a link. */
export function goTo(href: string): void {
  window.location.hash = href;
}

/** The same without a history entry: for filters, which change with each letter. */
export function settleAt(href: string): void {
  window.history.replaceState(null, '', href);
  // `replaceState` fires no event, so dispatch one at once: otherwise a second change of filter would undo the first.
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}
