import type { IncomingMessage } from 'node:http';

/**
 * Whether a page of another site sends this. To whatever any page sends here, a browser adds the password or the session that it has
 * for this server. Browsers tell where a request is from: nothing in a page can make this up.
 */
export function comesFromElsewhere({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  // Not told where the connection is not trusted (plain HTTP), nor by older browsers.
  return origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host);
}
