import type { RedisConnection, ResolvedRedisOptions } from './redis-options.js';

/** Another node than the configured one: where a cluster keeps our keys. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** The settings that keep a connection from ever holding anybody up. Reconnecting is left to `RedisLink`. */
function overrides(socket: object, connectTimeoutMs: number): object {
  return {
    socket: { ...socket, connectTimeout: connectTimeoutMs, reconnectStrategy: false },
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    // Scripts answer numbers and bytes; what the client maps otherwise would come out wrong.
    commandOptions: {},
    keyPrefix: undefined,
    pingInterval: undefined,
    RESP: 3,
  };
}

/** A connection that is not connected yet. node-redis is loaded by the first one. */
export async function dialRedis(
  options: ResolvedRedisOptions,
  address: RedisAddress | undefined,
): Promise<RedisConnection> {
  const { source, connectTimeoutMs } = options;
  if (typeof source !== 'string') {
    const socket = { ...source.options?.socket, ...address };
    // The client has worked its URL into the other options, and would do so again, over the address.
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

/** Where a cluster says that the keys are, if that is what the error says. An empty host is the one that was asked. */
export function redirection(error: unknown): RedisAddress | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, host, port] = /^MOVED \d+ (.*):(\d+)$/.exec(error.message) ?? [];
  return host === undefined || port === undefined ? undefined : { host, port: Number(port) };
}
