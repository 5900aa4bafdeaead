import type { IncomingMessage } from 'node:http';

/** Cookies ignore the port, so servers on the same machine need distinct cookie names. */
function nameFor({ headers: { host = '' } }: Pick<IncomingMessage, 'headers'>): string {
  const port = /:(\d{1,5})$/.exec(host)?.[1];
  return port === undefined ? 'ai-toolkit-session' : `ai-toolkit-session-${port}`;
}

/** The session token in the request's cookie. */
export function sessionTokenOf(request: Pick<IncomingMessage, 'headers'>): string | undefined {
  const { cookie } = request.headers;
  if (cookie === undefined) return undefined;
  const start = `${nameFor(request)}=`;
  const found = cookie.split(/; */).find((pair) => pair.startsWith(start));
  return found?.slice(start.length);
}

/** The session's `Set-Cookie` value. Scripts cannot read the cookie, and requests from other sites do not carry it. */
export function sessionCookie(request: IncomingMessage, token: string, lastsMs: number): string {
  const secure = isEncrypted(request) ? '; Secure' : '';
  const seconds = Math.max(0, Math.floor(lastsMs / 1000));
  return `${nameFor(request)}=${token}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}

/**
 * Whether the browser uses TLS, terminated by a proxy in front of this server. Browsers send `Origin` with a POST; otherwise the proxy may
 * send `X-Forwarded-Proto`. A client that forges either affects only its own cookie.
 */
function isEncrypted({ headers }: IncomingMessage): boolean {
  const { origin } = headers;
  return origin?.startsWith('https:') === true || headers['x-forwarded-proto'] === 'https';
}
