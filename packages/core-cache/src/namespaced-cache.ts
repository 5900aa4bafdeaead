import type {
  Cache,
  Claim,
  ClaimOptions,
  ClearOptions,
  EntriesOptions,
  GetOptions,
  GetOrSetOptions,
  Load,
  SetOptions,
} from './cache.js';
import type { CacheCore } from './cache-core.js';
import { checkKey, checkNamespace, checkTags } from './cache-options.js';
import type { CacheStats, EntrySummary, Lookup, Resolved } from './cache-types.js';
import { lookupEnd } from './channels.js';
import { checkBound, checkDuration, checkNames } from './check.js';
import { claim } from './claim.js';
import type { Clock } from './clock.js';
import { EntryMaker } from './entry-maker.js';
import { freshness } from './freshness.js';
import { listEntries } from './list-entries.js';
import type { Loader } from './loader.js';
import { lookupOf } from './lookup-of.js';
import type { MemoryNode } from './memory/memory-node.js';
import type { MemorySpace } from './memory/memory-space.js';
import type { MemoryStore } from './memory/memory-store.js';
import { observeHit, observeSearch } from './observe.js';
import { Searcher, type SearchResult } from './searcher.js';

/** One namespace of a cache. The hit path is written out here; everything else is delegated. */
export class NamespacedCache<V> implements Cache<V> {
  readonly namespace: string;
  readonly #core: CacheCore<V>;
  readonly #clock: Clock;
  readonly #memory: MemoryStore<V> | undefined;
  readonly #space: MemorySpace<V> | undefined;
  readonly #maker: EntryMaker<V>;
  readonly #searcher: Searcher<V>;
  readonly #loader: Loader<V>;

  constructor(core: CacheCore<V>, namespace: string, loader: Loader<V>) {
    this.namespace = namespace;
    this.#core = core;
    this.#clock = core.options.clock;
    this.#memory = core.memory;
    this.#space = core.memory?.space(namespace);
    this.#maker = new EntryMaker(core.options);
    this.#searcher = new Searcher(core, namespace);
    this.#loader = loader;
  }

  get(key: string, options?: GetOptions): Promise<V | undefined> {
    if (options?.signal === undefined) {
      const node = this.#findFresh(key, this.#clock.now());
      if (node !== undefined) return Promise.resolve(node.payload);
    }
    return this.#getBelow(key, options);
  }

  getOrSet(key: string, load: Load<V>, options?: GetOrSetOptions<V>): Promise<V> {
    if (options === undefined || (options.signal === undefined && options.refresh !== true)) {
      const node = this.#findFresh(key, this.#clock.now());
      if (node !== undefined) return Promise.resolve(node.payload);
    }
    return this.resolve(key, load, options).then((resolved) => resolved.value);
  }

  peek(key: string): Lookup<V> | undefined {
    const now = this.#clock.now();
    const node = this.#findFresh(key, now);
    if (node === undefined) return this.#core.tiers.length === 0 ? this.#lookupMemory(key) : undefined;
    const { createdAt, expiresAt } = node;
    const ageMs = Math.max(0, now - createdAt);
    if (node.negative) return { status: 'negative', tier: 'memory', createdAt, expiresAt, ageMs };
    return { status: 'hit', value: node.payload, tier: 'memory', createdAt, expiresAt, ageMs };
  }

  async lookup(key: string, options?: GetOptions): Promise<Lookup<V>> {
    options?.signal?.throwIfAborted();
    this.#core.assertOpen();
    const { signal } = options ?? {};
    const search = this.#searcher.search(checkKey(key));
    return this.#count(key, search instanceof Promise ? await abortable(search, signal) : search);
  }

  async inspect(key: string, options?: GetOptions): Promise<Lookup<V>> {
    options?.signal?.throwIfAborted();
    this.#core.assertOpen();
    const { signal } = options ?? {};
    const search = this.#searcher.inspect(checkKey(key));
    return lookupOf(search instanceof Promise ? await abortable(search, signal) : search, this.#clock.now());
  }

  async resolve(key: string, load: Load<V>, options: GetOrSetOptions<V> = {}): Promise<Resolved<V>> {
    options.signal?.throwIfAborted();
    this.#core.assertOpen();
    checkKey(key);
    if (typeof load !== 'function') throw new TypeError(`load must be a function, got ${typeof load}`);
    checkEntryOptions('getOrSet', options);
    if (options.ttlMs !== undefined && typeof options.ttlMs !== 'function')
      checkDuration('ttlMs', options.ttlMs);
    checkDuration('negativeTtlMs', options.negativeTtlMs ?? 0);
    return this.#loader.resolve(key, load, options);
  }

  async set(key: string, value: V, options: SetOptions = {}): Promise<void> {
    this.#core.assertOpen();
    checkKey(key);
    if (value === undefined)
      throw new TypeError('value must not be undefined: a stored undefined looks like a miss');
    checkEntryOptions('set', options);
    const ttlMs = this.#lifetime(options);
    if (ttlMs === 0) {
      await this.delete(key);
      return;
    }
    const made = this.#maker.make(value, ttlMs, options, this.#core.tiers.length > 0);
    this.#loader.supersede(key);
    await this.#loader.write(key, made, undefined, checkDuration('gatherMs', options.gatherMs ?? 0));
  }

  #lifetime({ ttlMs = this.#core.options.ttlMs, expiresAt }: SetOptions): number {
    checkDuration('ttlMs', ttlMs);
    if (expiresAt === undefined) return ttlMs;
    return Math.min(ttlMs, Math.max(0, checkBound('expiresAt', expiresAt, 0) - this.#clock.now()));
  }

  async claim(key: string, options: ClaimOptions = {}): Promise<Claim<V>> {
    options.signal?.throwIfAborted();
    this.#core.assertOpen();
    checkNames('claim', options, { waitMs: true, signal: true });
    checkDuration('waitMs', options.waitMs ?? 0);
    return claim(this.#core, this.#searcher, this.namespace, checkKey(key), options);
  }

  async delete(key: string): Promise<boolean> {
    this.#core.assertOpen();
    checkKey(key);
    this.#loader.supersede(key);
    return this.#loader.remove(key);
  }

  async clear(options: ClearOptions = {}): Promise<void> {
    this.#core.assertOpen();
    // A misspelt `tag` must not clear the whole namespace.
    checkNames('clear', options, { tag: true });
    const { tag } = options;
    if (tag !== undefined) checkTags([tag]);
    this.#loader.supersedeAll(tag);
    this.#memory?.clear(this.namespace, tag);
    await Promise.all(this.#core.tiers.map((tier) => tier.clear(this.namespace, tag)));
  }

  entries(options: EntriesOptions = {}): AsyncIterable<EntrySummary> {
    this.#core.assertOpen();
    return listEntries(this.#core, this.namespace, options);
  }

  stats(): CacheStats {
    return this.#core.stats();
  }

  withNamespace(namespace: string): Cache<V> {
    return this.#core.view(checkNamespace(namespace));
  }

  async ready(): Promise<void> {
    this.#core.assertOpen();
    await this.#core.ready();
  }

  async flush(): Promise<void> {
    this.#core.assertOpen();
    await this.#core.flush();
  }

  close(): Promise<void> {
    return this.#core.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #lookupMemory(key: string): Lookup<V> | undefined {
    return this.#core.isClosed ? undefined : this.#count(key, this.#searcher.searchMemory(checkKey(key)));
  }

  /** Counts and publishes the result of a lookup. */
  #count(key: string, found: SearchResult<V>): Lookup<V> {
    observeSearch(this.namespace, key, found);
    if (found.status === 'hit') this.#core.hits += 1;
    else this.#core.countMiss(found);
    return lookupOf(found, this.#clock.now());
  }

  #findFresh(key: string, now: number): MemoryNode<V> | undefined {
    const core = this.#core;
    const moment = core.momentOf(now);
    const space = this.#space;
    if (space === undefined) return undefined;
    const node = this.#memory?.find(space, key);
    if (node === undefined || core.isClosed) return undefined;
    if (moment >= node.settledUntil) {
      if (freshness(node, now) !== 'fresh') return undefined;
      core.settle(this.namespace, node, now);
    }
    core.memoryHits += 1;
    core.hits += 1;
    if (lookupEnd.hasSubscribers) observeHit(this.namespace, node);
    return node;
  }

  async #getBelow(key: string, options: GetOptions | undefined): Promise<V | undefined> {
    const found = await this.lookup(key, options);
    return found.status === 'hit' ? found.value : undefined;
  }
}

/** The options of `set` and of `getOrSet`: one object may serve both. */
const entryOptions: Record<keyof SetOptions | keyof GetOrSetOptions<unknown>, true> = {
  ttlMs: true,
  tags: true,
  staleWhileRevalidateMs: true,
  staleIfErrorMs: true,
  gatherMs: true,
  expiresAt: true,
  negativeTtlMs: true,
  signal: true,
  refresh: true,
};

function checkEntryOptions(where: string, options: SetOptions | GetOrSetOptions<never>): void {
  checkNames(where, options, entryOptions);
  checkTags(options.tags ?? []);
  checkDuration('staleWhileRevalidateMs', options.staleWhileRevalidateMs ?? 0);
  checkDuration('staleIfErrorMs', options.staleIfErrorMs ?? 0);
}

/** Waits for the promise or the signal, whichever comes first. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
