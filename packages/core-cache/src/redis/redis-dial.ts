import type { RedisConnection, ResolvedRedisOptions } from './redis-options.js';

/** A node other than the configured one, to which a cluster redirects. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** Settings that keep a connection from ever blocking a caller. Reconnecting is left to `RedisLink`. */
function overrides(socket: object, connectTimeoutMs: number): object {
  return {
    socket: { ...socket, connectTimeout: connectTimeoutMs, reconnectStrategy: false },
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    // Scripts return numbers and bytes, which the client's own type mapping would distort.
    commandOptions: {},
    keyPrefix: undefined,
    pingInterval: undefined,
    RESP: 3,
  };
}

/** Makes a connection without connecting it. Loads node-redis when first needed. */
export async function dialRedis(
  options: ResolvedRedisOptions,
  address: RedisAddress | undefined,
): Promise<RedisConnection> {
  const { source, connectTimeoutMs } = options;
  if (typeof source !== 'string') {
    const socket = { ...source.options?.socket, ...address };
    // The client has merged its URL into its other options, and would do so again, over the address.
    return source.duplicate({ ...overrides(socket, connectTimeoutMs), url: undefined });
  }
  const url = new URL(source);
  if (address !== undefined) {
    url.hostname = address.host.includes(':') ? `[${address.host}]` : address.host;
    url.port = String(address.port);
  }
  const { createClient } = await import('redis');
  return createClient({ ...overrides({}, connectTimeoutMs), url: url.href });
}

/** The node to which a cluster redirects, if the error says so. An empty host means the node that was asked. */
export function redirection(error: unknown): RedisAddress | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, host, port] = /^MOVED \d+ (.*):(\d+)$/.exec(error.message) ?? [];
  return host === undefined || port === undefined ? undefined : { host, port: Number(port) };
}
