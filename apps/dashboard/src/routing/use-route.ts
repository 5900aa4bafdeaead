import { useEffect, useState } from 'preact/hooks';
import { type Route, routeOf } from './route.js';

/** Where the page is, as links and the back button change it. */
export function useRoute(): Route {
  const [hash, setHash] = useState(window.location.hash);
  useEffect(() => {
    const follow = (): void => setHash(window.location.hash);
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return routeOf(hash);
}

/** Goes to an address of `hrefOf`, as a link does. */
export function goTo(href: string): void {
  window.location.hash = href;
}

/** The same without a step of its own for the back button: for filters, which change with each letter. */
export function settleAt(href: string): void {
  window.history.replaceState(null, '', href);
  // At once: the browser would tell of it later, and a second filter that changes meanwhile would undo the first.
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}
