import type { Config } from '../config/schema.js';

/** Response of the configured server. */
export interface ServerAnswer {
  /** URL of the server, even if it does not answer. */
  readonly server: string;
  /** Absent if there was no valid response. */
  readonly value?: unknown;
  /** Why there was none. */
  readonly reason?: string;
}

/** Timeout, ms: a server on this machine answers at once or not at all. */
const timeoutMs = 1000;

/** Sends a GET request to the configured server, such as for `/api/limits`. Never fails. */
export async function askServer({ server: settings }: Config, path: string): Promise<ServerAnswer> {
  const { port, adminKey } = settings;
  const host = reachable(settings.host);
  const server = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  try {
    const response = await fetch(server + path, {
      headers: adminKey === undefined ? {} : { authorization: `Bearer ${adminKey}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const value: unknown = await response.json();
    if (response.ok) return { server, value };
    const needsKey = response.status === 401 || response.status === 403;
    return {
      server,
      reason: needsKey
        ? 'it asks for an admin key: set AI_TOOLKIT_ADMIN_KEY'
        : `it answered ${response.status}`,
    };
  } catch {
    return { server, reason: 'no server answers' };
  }
}

/** A server can listen on all addresses of a machine, but only one can be contacted: here that of the machine itself. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host.includes(':') && /^[0:]+$/.test(host) ? '::1' : host;
}
