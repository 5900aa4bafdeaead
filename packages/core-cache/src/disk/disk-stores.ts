import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Store } from '../store.js';
import { LmdbStore, type LmdbStoreOptions } from './lmdb-store.js';

interface Shared {
  readonly store: LmdbStore;
  users: number;
}

const open: Map<string, Shared> = new Map();

/**
 * The store of a directory. Caches of one process on the same directory share it, as LMDB demands; the first one's bounds
 * hold. It closes when the last of them closes it.
 */
export function acquireDiskStore(options: LmdbStoreOptions): Store<Uint8Array> {
  const path = resolve(options.path);
  const shared = open.get(path) ?? { store: new LmdbStore({ ...options, path }), users: 0 };
  shared.users += 1;
  open.set(path, shared);
  return new SharedStore(shared, path);
}

/** One user's view of a shared store: closing it gives up this use only. */
class SharedStore implements Store<Uint8Array> {
  readonly name: string;
  readonly #shared: Shared;
  readonly #path: string;
  readonly #writer: string = randomUUID();
  #closing: Promise<void> | undefined;

  constructor(shared: Shared, path: string) {
    this.name = shared.store.name;
    this.#shared = shared;
    this.#path = path;
  }

  open: Store<Uint8Array>['open'] = () => this.#shared.store.open();
  get: Store<Uint8Array>['get'] = (namespace, key) => this.#shared.store.get(namespace, key);
  set: Store<Uint8Array>['set'] = (namespace, key, entry, options) =>
    this.#shared.store.set(namespace, key, entry, options, this.#writer);
  delete: Store<Uint8Array>['delete'] = (namespace, key) =>
    this.#shared.store.delete(namespace, key, this.#writer);
  clear: Store<Uint8Array>['clear'] = (namespace, tag) =>
    this.#shared.store.clear(namespace, tag, this.#writer);
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
    open.delete(this.#path);
    return this.#shared.store.close();
  }
}
