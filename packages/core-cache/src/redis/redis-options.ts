import { checkMethods, checkNames, show } from '../check.js';
import type { Store } from '../store.js';

/** What this package needs of a client's connection; node-redis provides it. */
export interface RedisConnection {
  connect(): Promise<unknown>;
  sendCommand<T>(args: readonly (string | Buffer)[], options?: object): Promise<T>;
  subscribe(channel: string, listener: (message: string) => void): Promise<void>;
  on(event: string, listener: (reason?: unknown) => void): unknown;
  unref(): void;
  destroy(): void;
}

/** A client of node-redis 5 or later, as `createClient` makes it. */
export interface RedisClient {
  readonly options?: { readonly socket?: object | undefined } | undefined;
  duplicate(overrides?: object): RedisConnection;
}

export interface RedisTierCommonOptions {
  /**
   * Prefix of every key and channel. Caches with the same prefix share entries, by namespace. Letters, digits and `_-.:/`. Default
   * `ai-toolkit`.
   */
  readonly prefix?: string;
  /** Time limit for connecting, in milliseconds. Default 500. */
  readonly connectTimeoutMs?: number;
  /** Time limit for a command and its answer, in milliseconds. Default 250. */
  readonly commandTimeoutMs?: number;
  /** Larger values are not stored: they would hold up the commands behind them. Default 8 MiB. */
  readonly maxEntryBytes?: number;
}

/** Where Redis is: a URL, or a client whose configuration is copied. In both cases the cache makes its own connections. */
export type RedisTierOptions = RedisTierCommonOptions &
  (
    | {
        /** `redis[s]://[[user]:password@]host[:port][/database]` */
        readonly url: string;
        readonly client?: never;
      }
    | {
        /** Connected or not: it is duplicated, never used or closed. */
        readonly client: RedisClient;
        readonly url?: never;
      }
  );

export interface ResolvedRedisOptions extends Required<RedisTierCommonOptions> {
  readonly source: string | RedisClient;
}

const DEFAULT_PREFIX = 'ai-toolkit';
const DEFAULT_CONNECT_TIMEOUT_MS = 500;
const DEFAULT_COMMAND_TIMEOUT_MS = 250;
const DEFAULT_ENTRY_BYTES = 8 * 2 ** 20;
const MAX_TIMER_MS = 2 ** 31 - 1;
// Redis's own limit, less some room for the record's own fields.
const MAX_ENTRY_BYTES = 2 ** 29 - 2 ** 20;
const PREFIX_PATTERN = /^[\w.:/-]{1,100}$/;

const known = {
  url: true,
  client: true,
  prefix: true,
  connectTimeoutMs: true,
  commandTimeoutMs: true,
  maxEntryBytes: true,
} as const;

/** The methods that every store has; the rest of the contract is optional. */
const storeMethods: readonly (keyof Store<Uint8Array>)[] = [
  'open',
  'get',
  'set',
  'delete',
  'clear',
  'sequence',
  'entries',
  'stats',
  'flush',
  'close',
];

/** Validates `shared`. Throws `TypeError` or `RangeError`. */
export function resolveShared(
  shared: RedisTierOptions | Store<Uint8Array>,
): ResolvedRedisOptions | Store<Uint8Array> {
  if (typeof shared !== 'object' || shared === null) {
    throw new TypeError(`shared must be { url }, { client } or a store, got ${show(shared)}`);
  }
  // A Redis client has `get` as well, so `get` would not tell them apart.
  if (!('open' in shared)) return resolveRedis(shared);
  checkMethods('shared', shared, storeMethods);
  return shared;
}

/** Throws `TypeError` or `RangeError` for invalid options. */
export function resolveRedis(options: RedisTierOptions): ResolvedRedisOptions {
  checkNames('shared', options, known);
  const prefix = options.prefix ?? DEFAULT_PREFIX;
  if (typeof prefix !== 'string' || !PREFIX_PATTERN.test(prefix)) {
    throw new TypeError(
      `shared.prefix must be 1 to 100 letters, digits or _-.:/ characters, got ${show(prefix)}`,
    );
  }
  return {
    source: sourceOf(options),
    prefix,
    connectTimeoutMs: within(
      'connectTimeoutMs',
      options.connectTimeoutMs,
      DEFAULT_CONNECT_TIMEOUT_MS,
      MAX_TIMER_MS,
    ),
    commandTimeoutMs: within(
      'commandTimeoutMs',
      options.commandTimeoutMs,
      DEFAULT_COMMAND_TIMEOUT_MS,
      MAX_TIMER_MS,
    ),
    maxEntryBytes: within('maxEntryBytes', options.maxEntryBytes, DEFAULT_ENTRY_BYTES, MAX_ENTRY_BYTES),
  };
}

function sourceOf(options: RedisTierOptions): string | RedisClient {
  const { url, client } = options;
  if (client !== undefined && url !== undefined) {
    throw new TypeError('shared.url and shared.client exclude each other, got both');
  }
  if (client !== undefined) {
    // A cluster client sends commands in another way. None is needed: the connection follows redirections by itself.
    if (typeof client?.duplicate !== 'function' || 'slots' in client) {
      throw new TypeError('shared.client must be a client made by createClient of node-redis');
    }
    return client;
  }
  if (typeof url !== 'string' || !/^rediss?:$/.test(URL.parse(url)?.protocol ?? '')) {
    // The URL itself is left out: it may hold a password.
    throw new TypeError(
      `shared.url must be a redis:// or rediss:// URL, got ${typeof url === 'string' ? 'another string' : show(url)}`,
    );
  }
  return url;
}

function within(name: string, value: number | undefined, fallback: number, most: number): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number') throw new TypeError(`shared.${name} must be a number, got ${show(value)}`);
  if (!(value >= 1 && value <= most)) {
    throw new RangeError(`shared.${name} must be from 1 to ${most}, got ${value}`);
  }
  return value;
}
