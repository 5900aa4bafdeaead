import type { RedisConnection, ResolvedRedisOptions } from './redis-options.js';

/** A connection that sends commands, each of which touches one key. */
export interface DialedRedis {
  readonly connection: RedisConnection;
  send(key: string, args: readonly string[]): Promise<unknown>;
}

interface SingleConnection extends RedisConnection {
  sendCommand(args: readonly string[]): Promise<unknown>;
  unref(): void;
}

interface ClusterConnection extends RedisConnection {
  sendCommand(firstKey: string, isReadonly: boolean, args: readonly string[]): Promise<unknown>;
}

/** Makes a connection of our own without connecting it. Loads node-redis when first needed. */
export async function dialRedis({ source, timeoutMs }: ResolvedRedisOptions): Promise<DialedRedis> {
  if (typeof source !== 'string' && 'slots' in source) {
    const connection = source.duplicate() as ClusterConnection;
    return { connection, send: (key, args) => connection.sendCommand(key, false, args) };
  }
  const connection = (await (typeof source === 'string'
    ? dialUrl(source, timeoutMs)
    : source.duplicate({
        ...overrides(source.options?.socket, timeoutMs),
        // The client has merged its URL into its other options.
        url: undefined,
      }))) as SingleConnection;
  connection.unref();
  return { connection, send: (_key, args) => connection.sendCommand(args) };
}

async function dialUrl(url: string, timeoutMs: number): Promise<RedisConnection> {
  const { createClient } = await import('redis').catch(missing);
  return createClient({ ...overrides({}, timeoutMs), url }) as unknown as RedisConnection;
}

let isTold = false;

/** Tells the process once: to a limiter, a missing package looks like a Redis that is down. */
function missing(cause: unknown): never {
  const error = new TypeError(
    'Limits in Redis need the package "redis", which cannot be loaded: npm install redis',
    { cause },
  );
  if (!isTold) process.emitWarning(error.message);
  isTold = true;
  throw error;
}

/** Connecting may take longer than an answer, ms. */
export const CONNECT_MS = 2000;

/** Settings that keep a connection from ever blocking a caller: when it breaks, the next step makes another. */
function overrides(socket: object | undefined, timeoutMs: number): object {
  return {
    socket: { ...socket, connectTimeout: Math.max(timeoutMs, CONNECT_MS), reconnectStrategy: false },
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    // The script returns text, which the client's own type mapping would distort.
    commandOptions: {},
    keyPrefix: undefined,
    pingInterval: undefined,
  };
}
