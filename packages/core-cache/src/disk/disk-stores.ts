import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { DiskDriverName } from '../cache-options.js';
import type { Clock } from '../clock.js';
import type { Store } from '../store.js';
import type { DiskDriver } from './disk-driver.js';
import { DiskStore } from './disk-store.js';
import { openLmdb } from './lmdb/open-lmdb.js';
import { openSqlite } from './sqlite/open-sqlite.js';

interface Shared {
  readonly store: DiskStore;
  users: number;
}

export interface AcquireOptions {
  readonly path: string;
  readonly maxBytes: number;
  readonly driver: DiskDriverName;
  readonly clock: Clock;
  readonly ownerTag: string | undefined;
}

const drivers: Readonly<
  Record<DiskDriverName, (path: string, clock: Clock, maxBytes: number) => Promise<DiskDriver>>
> = {
  lmdb: openLmdb,
  sqlite: openSqlite,
};

const open: Map<string, Shared> = new Map();

/**
 * The store of a directory. Caches in one process that use the same directory share it, as LMDB requires; the first cache's limits apply.
 * The store closes with its last user.
 */
export function acquireDiskStore({
  driver,
  maxBytes,
  clock,
  ownerTag,
  ...options
}: AcquireOptions): Store<Uint8Array> {
  const path = resolve(options.path);
  const id = `${driver} ${path}`;
  let shared = open.get(id);
  if (shared === undefined) {
    const openDriver = drivers[driver];
    shared = { store: new DiskStore({ path, maxBytes, clock, openDriver, ownerTag }), users: 0 };
    open.set(id, shared);
  }
  shared.users += 1;
  return new SharedStore(shared, id);
}

/** One user's view of a shared store: closing it releases only this use. */
class SharedStore implements Store<Uint8Array> {
  readonly name: string;
  readonly #shared: Shared;
  readonly #id: string;
  readonly #writer: string = randomUUID();
  #closing: Promise<void> | undefined;

  constructor(shared: Shared, id: string) {
    this.name = shared.store.name;
    this.#shared = shared;
    this.#id = id;
  }

  open: Store<Uint8Array>['open'] = () => this.#shared.store.open();
  get: Store<Uint8Array>['get'] = (namespace, key, options) =>
    this.#shared.store.get(namespace, key, options);
  set: Store<Uint8Array>['set'] = (namespace, key, entry, options) =>
    this.#shared.store.set(namespace, key, entry, options, this.#writer);
  delete: Store<Uint8Array>['delete'] = (namespace, key) =>
    this.#shared.store.delete(namespace, key, this.#writer);
  clear: Store<Uint8Array>['clear'] = (namespace, tag) =>
    this.#shared.store.clear(namespace, tag, this.#writer);
  touch: NonNullable<Store<Uint8Array>['touch']> = (namespace, key) =>
    this.#shared.store.touch(namespace, key);
  changes: NonNullable<Store<Uint8Array>['changes']> = (cursor) =>
    this.#shared.store.changes(cursor, this.#writer);
  sequence: Store<Uint8Array>['sequence'] = () => this.#shared.store.sequence();
  lease: NonNullable<Store<Uint8Array>['lease']> = (namespace, key, owner, ttlMs) =>
    this.#shared.store.lease(namespace, key, owner, ttlMs);
  release: NonNullable<Store<Uint8Array>['release']> = (namespace, key, owner) =>
    this.#shared.store.release(namespace, key, owner);
  entries: Store<Uint8Array>['entries'] = (namespace) => this.#shared.store.entries(namespace);
  stats: Store<Uint8Array>['stats'] = () => this.#shared.store.stats();
  flush: Store<Uint8Array>['flush'] = () => this.#shared.store.flush();

  close(): Promise<void> {
    this.#closing ??= this.#release();
    return this.#closing;
  }

  async #release(): Promise<void> {
    this.#shared.users -= 1;
    if (this.#shared.users > 0) return this.#shared.store.flush();
    open.delete(this.#id);
    return this.#shared.store.close();
  }
}
