import type { IncomingMessage } from 'node:http';

/** Cookies know no port, so that the servers of one machine need names of their own. */
function nameFor({ headers: { host = '' } }: Pick<IncomingMessage, 'headers'>): string {
  const port = /:(\d{1,5})$/.exec(host)?.[1];
  return port === undefined ? 'ai-toolkit-session' : `ai-toolkit-session-${port}`;
}

/** The token of the session that a browser sends along. */
export function sessionTokenOf(request: Pick<IncomingMessage, 'headers'>): string | undefined {
  const { cookie } = request.headers;
  if (cookie === undefined) return undefined;
  const start = `${nameFor(request)}=`;
  const found = cookie.split(/; */).find((pair) => pair.startsWith(start));
  return found?.slice(start.length);
}

/** Gives a browser the session. No script can read it, and no page of another site makes the browser send it. */
export function sessionCookie(request: IncomingMessage, token: string, lastsMs: number): string {
  const secure = isEncrypted(request) ? '; Secure' : '';
  const seconds = Math.max(0, Math.floor(lastsMs / 1000));
  return `${nameFor(request)}=${token}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}

/**
 * Whether the browser came by TLS, which something in front of this server speaks. A browser names the origin of what it posts; where
 * it does not, what stands in front may. Who makes this up makes a cookie of his own worse or better, and no other.
 */
function isEncrypted({ headers }: IncomingMessage): boolean {
  const { origin } = headers;
  return origin?.startsWith('https:') === true || headers['x-forwarded-proto'] === 'https';
}
