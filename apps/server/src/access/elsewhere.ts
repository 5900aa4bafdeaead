import type { IncomingMessage } from 'node:http';

/**
 * Whether a page of another site sent this request. A browser adds the password or session it holds for this server to requests from any
 * page, but it also states where a request comes from, in headers that no page can forge.
 */
export function comesFromElsewhere({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  // `Sec-Fetch-Site` is absent on untrustworthy connections (plain HTTP) and in older browsers.
  return origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host);
}
