import { checkBound, checkDuration, checkMethods, checkNames, show } from './check.js';
import { type Clock, systemClock } from './clock.js';
import { type Codec, structuredCodec } from './codec.js';
import { type RedisTierOptions, type ResolvedRedisOptions, resolveShared } from './redis/redis-options.js';
import type { Store } from './store.js';

export interface MemoryTierOptions {
  /** Default 10,000. */
  readonly maxEntries?: number;
  /** As measured by the codec's `sizeOf`. Default 64 MiB. */
  readonly maxBytes?: number;
}

export type DiskDriverName = 'lmdb' | 'sqlite';

export interface DiskTierOptions {
  /** Directory of the cache's files, created if missing. Several processes may share it. It must not be on a network file system. */
  readonly path: string;
  /** Size limit of the tier's files, kept to within a tenth; entries larger than an eighth of it are not stored. Default 1 GiB. */
  readonly maxBytes?: number;
  /** `lmdb` reads about twice as fast; `sqlite` needs only Node. Each uses its own file. Default `lmdb`. */
  readonly driver?: DiskDriverName;
}

export interface CacheOptions<V> {
  /** Keeps the keys of different uses apart. Default `default`. */
  readonly namespace?: string;
  /** Lifetime of entries in milliseconds. Default `Infinity`; 0 stores nothing. */
  readonly ttlMs?: number;
  /** Default: on, with its defaults. */
  readonly memory?: MemoryTierOptions | false;
  /** Default: none. */
  readonly disk?: DiskTierOptions;
  /** A third tier, asked last: Redis, or any byte store that fulfils the `Store` contract. Closed with the cache. Default: none. */
  readonly shared?: RedisTierOptions | Store<Uint8Array>;
  /** How values become bytes. Default `structuredCodec`. */
  readonly codec?: Codec<V>;
  /** Default of {@link SetOptions.staleWhileRevalidateMs}. Default 0. */
  readonly staleWhileRevalidateMs?: number;
  /** Default of {@link SetOptions.staleIfErrorMs}. Default 0. */
  readonly staleIfErrorMs?: number;
  /**
   * Largest fraction, from 0 to below 1, by which lifetimes are randomly shortened, so that entries made together do not expire together.
   * Default 0.
   */
  readonly ttlJitter?: number;
  /**
   * Prefix of the tag that names an entry's owner, such as `tenant:`. When memory or disk is full, entries are evicted from owners that
   * hold more than an equal share, so no owner can push out another's entries. Entries without such a tag count as one owner's. Default:
   * none, all entries are treated alike.
   */
  readonly ownerTag?: string;
  /** Default: the wall clock. */
  readonly clock?: Clock;
  /** Returns numbers from 0 to below 1, for the jitter. Default `Math.random`. */
  readonly random?: () => number;
}

export interface ResolvedOptions<V> {
  readonly namespace: string;
  readonly ttlMs: number;
  readonly memory: Required<MemoryTierOptions> | undefined;
  readonly disk: Required<DiskTierOptions> | undefined;
  readonly shared: ResolvedRedisOptions | Store<Uint8Array> | undefined;
  readonly codec: Codec<V>;
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  readonly ttlJitter: number;
  readonly ownerTag: string | undefined;
  readonly clock: Clock;
  readonly random: () => number;
}

const DEFAULT_MEMORY_ENTRIES = 10_000;
const DEFAULT_MEMORY_BYTES = 64 * 2 ** 20;
const DEFAULT_DISK_BYTES = 2 ** 30;
const MIN_DISK_BYTES = 2 ** 20;
const MAX_NAMESPACE_LENGTH = 200;

const known: Record<keyof CacheOptions<unknown>, true> = {
  namespace: true,
  ttlMs: true,
  memory: true,
  disk: true,
  shared: true,
  codec: true,
  staleWhileRevalidateMs: true,
  staleIfErrorMs: true,
  ttlJitter: true,
  ownerTag: true,
  clock: true,
  random: true,
};

/** Validates the caller's options and fills in the defaults. Throws `TypeError` or `RangeError`. */
export function resolveOptions<V>(options: CacheOptions<V>): ResolvedOptions<V> {
  checkNames('createCache', options, known);
  if (options.ownerTag !== undefined && (typeof options.ownerTag !== 'string' || options.ownerTag === ''))
    throw new TypeError(`ownerTag must be a non-empty string, got ${show(options.ownerTag)}`);
  checkMethods('codec', options.codec, ['encode', 'decode', 'sizeOf']);
  checkMethods('clock', options.clock, ['now']);
  if (options.random !== undefined && typeof options.random !== 'function')
    throw new TypeError(`random must be a function, got ${show(options.random)}`);
  const ttlJitter = options.ttlJitter ?? 0;
  if (typeof ttlJitter !== 'number' || !(ttlJitter >= 0 && ttlJitter < 1)) {
    throw new RangeError(`ttlJitter must be at least 0 and below 1, got ${show(ttlJitter)}`);
  }
  return {
    namespace: checkNamespace(options.namespace ?? 'default'),
    ttlMs: checkDuration('ttlMs', options.ttlMs ?? Number.POSITIVE_INFINITY),
    memory: options.memory === false ? undefined : resolveMemory(options.memory ?? {}),
    disk: options.disk === undefined ? undefined : resolveDisk(options.disk),
    shared: options.shared === undefined ? undefined : resolveShared(options.shared),
    // The default codec takes any value that can be cloned; `set` rejects the others.
    codec: options.codec ?? (structuredCodec as Codec<V>),
    staleWhileRevalidateMs: checkDuration('staleWhileRevalidateMs', options.staleWhileRevalidateMs ?? 0),
    staleIfErrorMs: checkDuration('staleIfErrorMs', options.staleIfErrorMs ?? 0),
    ttlJitter,
    ownerTag: options.ownerTag,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

export function checkNamespace(namespace: string): string {
  if (typeof namespace !== 'string')
    throw new TypeError(`namespace must be a string, got ${typeof namespace}`);
  if (namespace.length === 0 || namespace.length > MAX_NAMESPACE_LENGTH) {
    throw new RangeError(
      `namespace must have 1 to ${MAX_NAMESPACE_LENGTH} characters, got ${namespace.length}: ${JSON.stringify(namespace.slice(0, 40))}`,
    );
  }
  return namespace;
}

export function checkKey(key: string): string {
  if (typeof key !== 'string') throw new TypeError(`key must be a string, got ${typeof key}`);
  return key;
}

export function checkTags(tags: readonly string[]): readonly string[] {
  if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== 'string' || tag === '')) {
    throw new TypeError(
      `tags must be an array of non-empty strings, got ${Array.isArray(tags) ? `[${tags.map(show).join(', ')}]` : show(tags)}`,
    );
  }
  return tags;
}

function resolveMemory(memory: MemoryTierOptions): Required<MemoryTierOptions> {
  checkNames('memory', memory, { maxEntries: true, maxBytes: true });
  return {
    maxEntries: checkBound('memory.maxEntries', memory.maxEntries ?? DEFAULT_MEMORY_ENTRIES, 1),
    maxBytes: checkBound('memory.maxBytes', memory.maxBytes ?? DEFAULT_MEMORY_BYTES, 1),
  };
}

function resolveDisk(disk: DiskTierOptions): Required<DiskTierOptions> {
  checkNames('disk', disk, { path: true, maxBytes: true, driver: true });
  if (typeof disk.path !== 'string' || disk.path === '') {
    throw new TypeError(`disk.path must be the path of a directory, got ${show(disk.path)}`);
  }
  const { driver = 'lmdb' } = disk;
  if (driver !== 'lmdb' && driver !== 'sqlite') {
    throw new TypeError(`disk.driver must be 'lmdb' or 'sqlite', got ${show(driver)}`);
  }
  return {
    driver,
    path: disk.path,
    maxBytes: checkBound('disk.maxBytes', disk.maxBytes ?? DEFAULT_DISK_BYTES, MIN_DISK_BYTES),
  };
}
