import type { IncomingMessage } from 'node:http';
import { isOpen } from './access/open-paths.js';

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Why a request must be refused, or `undefined`. A server on loopback may require no key, so a web page that the user visits must
 * not be able to use it: neither through a name resolving to 127.0.0.1 (DNS rebinding, visible in `Host`), nor by a plain cross-site
 * request (visible in `Origin`; for what the page loads as a picture or the like, only in `Sec-Fetch-Site`). It may link to the dashboard.
 */
export function strangerReason(request: IncomingMessage): string | undefined {
  const { host, origin, 'sec-fetch-site': site } = request.headers;
  if (host !== undefined && !isLoopbackAuthority(host))
    return `The host ${JSON.stringify(host)} is not this machine.`;
  if (origin === undefined)
    return site === 'cross-site' && !isOpen(request)
      ? 'Pages of other sites may not use this server.'
      : undefined;
  if (URL.canParse(origin) && isLoopbackAuthority(new URL(origin).host)) return undefined;
  return `Pages of ${JSON.stringify(origin)} may not use this server.`;
}

/** Memoised, since nearly all requests name one of the same few hosts. */
const judged: Map<string, boolean> = new Map();
const maxJudged = 100;

function isLoopbackAuthority(authority: string): boolean {
  const known = judged.get(authority);
  if (known !== undefined) return known;
  const isLoopbackName = judge(authority);
  if (judged.size >= maxJudged) judged.clear();
  judged.set(authority, isLoopbackName);
  return isLoopbackName;
}

function judge(authority: string): boolean {
  if (!URL.canParse(`http://${authority}`)) return false;
  const { hostname } = new URL(`http://${authority}`);
  return loopbackNames.has(hostname) || isLoopback(hostname);
}
