import type { Config } from '../config/schema.js';

/** What the server of the configuration said. */
export interface ServerAnswer {
  /** URL of the server, also of one that does not answer. */
  readonly server: string;
  /** Absent when it did not tell. */
  readonly value?: unknown;
  /** Why it did not tell. */
  readonly reason?: string;
}

/** A server on this machine answers at once or not at all. */
const timeoutMs = 1000;

/** Asks the server that runs by this configuration, such as for `/api/limits`. Never fails. */
export async function askServer({ server: settings }: Config, path: string): Promise<ServerAnswer> {
  const { host, port, adminKey } = settings;
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
