import { checkNames, show } from '../check.js';

/** What this package needs of a connection of node-redis. */
export interface RedisConnection {
  connect(): Promise<unknown>;
  on(event: string, listener: (reason?: unknown) => void): unknown;
  destroy(): void;
}

/** A client of node-redis 5 or later, as `createClient` or `createCluster` makes it. */
export interface RedisClient {
  readonly options?: { readonly socket?: object | undefined } | undefined;
  duplicate(overrides?: object): RedisConnection;
}

interface RedisLimitStoreCommonOptions {
  /**
   * Prefix of every key. Limiters with the same prefix share their limits, key by key. Letters, digits and `_-.:/`. Default
   * `ai-toolkit:limits`.
   */
  readonly prefix?: string;
  /**
   * Longest time that Redis may take to answer, ms. Beyond it, each process counts alone. Default 300; while a connection has yet to be
   * made, at least 2000.
   */
  readonly timeoutMs?: number;
}

/** Where Redis is: a URL, or a client whose configuration is copied. In both cases the store makes its own connection. */
export type RedisLimitStoreOptions = RedisLimitStoreCommonOptions &
  (
    | {
        /** `redis[s]://[[user]:password@]host[:port][/database]` */
        readonly url: string;
        readonly client?: never;
      }
    | {
        /** Connected or not, of one server or of a cluster: it is duplicated, never used or closed. */
        readonly client: RedisClient;
        readonly url?: never;
      }
  );

export interface ResolvedRedisOptions {
  readonly source: string | RedisClient;
  readonly prefix: string;
  readonly timeoutMs: number;
}

const DEFAULT_PREFIX = 'ai-toolkit:limits';
const DEFAULT_TIMEOUT_MS = 300;
const LONGEST_TIMEOUT_MS = 60_000;
const PREFIX_PATTERN = /^[\w.:/-]{1,100}$/;

const known: Record<'url' | 'client' | 'prefix' | 'timeoutMs', true> = {
  url: true,
  client: true,
  prefix: true,
  timeoutMs: true,
};

/** Throws `TypeError` or `RangeError` for invalid options. */
export function resolveRedisOptions(options: RedisLimitStoreOptions): ResolvedRedisOptions {
  checkNames('the Redis store', options, known);
  const { prefix = DEFAULT_PREFIX, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  if (typeof prefix !== 'string' || !PREFIX_PATTERN.test(prefix)) {
    throw new TypeError(`prefix must be 1 to 100 letters, digits or _-.:/ characters, got ${show(prefix)}`);
  }
  if (typeof timeoutMs !== 'number')
    throw new TypeError(`timeoutMs must be a number, got ${show(timeoutMs)}`);
  if (!(timeoutMs >= 1 && timeoutMs <= LONGEST_TIMEOUT_MS)) {
    throw new RangeError(`timeoutMs must be from 1 to ${LONGEST_TIMEOUT_MS}, got ${timeoutMs}`);
  }
  return { source: sourceOf(options), prefix, timeoutMs };
}

function sourceOf({ url, client }: RedisLimitStoreOptions): string | RedisClient {
  if (client !== undefined && url !== undefined)
    throw new TypeError('url and client exclude each other, got both');
  if (client !== undefined) {
    if (typeof client?.duplicate !== 'function') {
      throw new TypeError('client must be made by createClient or createCluster of node-redis');
    }
    return client;
  }
  if (typeof url !== 'string' || !/^rediss?:$/.test(URL.parse(url)?.protocol ?? '')) {
    // The URL itself is left out: it may hold a password.
    const got = typeof url === 'string' ? 'another string' : show(url);
    throw new TypeError(`url must be a redis:// or rediss:// URL, got ${got}`);
  }
  return url;
}
