import { CacheError } from '../cache-error.js';
import type { Clock } from '../clock.js';
import type {
  Awaitable,
  Store,
  StoreChanges,
  StoreEntry,
  StoreSetOptions,
  StoreStats,
  StoreSummary,
} from '../store.js';
import { DiskChanges } from './disk-changes.js';
import { DiskClears } from './disk-clears.js';
import { DiskCounters } from './disk-counters.js';
import type { DiskDriver } from './disk-driver.js';
import { DiskLeases } from './disk-leases.js';
import { DiskWriter } from './disk-writer.js';
import { unpackRow } from './index-row.js';
import { PendingWrites } from './pending-writes.js';
import { logicalKey, physicalKey, physicalRange } from './physical-key.js';
import { decodeRecord, draftRecord } from './record.js';
import type { WriteOperation } from './write-operation.js';
import { WriteQueue } from './write-queue.js';

export interface DiskStoreOptions {
  /** Directory, made if it is missing. */
  readonly path: string;
  /** Bound on what the entries take in the file. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly openDriver: (path: string, clock: Clock) => Promise<DiskDriver>;
}

const SELF = '';
const PAGE_OF_ENTRIES = 256;
const MAX_TOUCHED = 100_000;

interface OpenStore {
  readonly driver: DiskDriver;
  readonly clears: DiskClears;
  readonly changes: DiskChanges;
  readonly leases: DiskLeases;
  readonly writer: DiskWriter;
}

/** Entries in one file, shared by any number of processes of one machine. */
export class DiskStore implements Store<Uint8Array> {
  readonly name = 'disk';
  readonly #options: DiskStoreOptions;
  readonly #pending: PendingWrites = new PendingWrites();
  readonly #queue: WriteQueue = new WriteQueue((batch) => this.#commit(batch));
  readonly #touched: Set<string> = new Set();
  #opening: Promise<OpenStore> | undefined;
  #state: OpenStore | undefined;
  #damage: string | undefined;
  #closed = false;
  #evictions = 0;
  #corrupt = 0;

  constructor(options: DiskStoreOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    if (this.#closed) throw closed();
    this.#opening ??= this.#openFile();
    try {
      this.#state = await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  get(namespace: string, key: string): StoreEntry<Uint8Array> | undefined {
    const physical = physicalKey(namespace, key);
    const state = this.#use();
    if (this.#pending.covers(physical)) return this.#pending.entry(physical);
    if (state === undefined) return undefined;
    const { driver, clears } = state;
    const record = this.#read(() => {
      const bytes = driver.trees.records.get(physical);
      if (bytes === undefined) return undefined;
      const decoded = this.#decode(namespace, key, physical, bytes);
      return clears.isClearedSince(namespace, decoded.tags, decoded.sequence) ? undefined : decoded;
    });
    if (record === undefined) return undefined;
    if (this.#pending.isClearing(namespace, record.tags)) return undefined;
    this.#touch(physical);
    return record;
  }

  touch(namespace: string, key: string): void {
    this.#touch(physicalKey(namespace, key));
  }

  /** `writer` names the user of this store whose `changes` leave this write out. */
  set(
    namespace: string,
    key: string,
    entry: StoreEntry<Uint8Array>,
    options?: StoreSetOptions,
    writer: string = SELF,
  ): Promise<boolean> {
    this.#use();
    const physical = physicalKey(namespace, key);
    const record = draftRecord(entry);
    const since = options?.since;
    return this.#write({ kind: 'set', namespace, key, physical, entry, record, since, writer });
  }

  delete(namespace: string, key: string, writer: string = SELF): Promise<boolean> {
    this.#use();
    return this.#write({ kind: 'delete', namespace, key, physical: physicalKey(namespace, key), writer });
  }

  async clear(namespace: string, tag?: string, writer: string = SELF): Promise<void> {
    this.#use();
    await this.#write({ kind: 'clear', namespace, tag, writer });
  }

  changes(cursor: number, writer: string = SELF): StoreChanges {
    const state = this.#use();
    // Everything that was copied from the damaged file may go on being used, but nothing tells any more when it must not.
    if (state === undefined) return { cursor, isComplete: false, keys: [], clears: [] };
    const { driver, changes } = state;
    // Reads of one moment share a snapshot; what others do between two moments is the point here.
    return this.#read(() => {
      driver.refresh();
      const { sequence } = DiskCounters.load(driver.trees);
      if (sequence === cursor) return { cursor, isComplete: true, keys: [], clears: [] };
      return changes.since(cursor, sequence, writer);
    });
  }

  lease(namespace: string, key: string, owner: string, ttlMs: number): Awaitable<boolean> {
    const physical = physicalKey(namespace, key);
    // A look is cheap, so those who wait do not queue for the write lock.
    const leases = this.#use()?.leases;
    if (leases !== undefined && this.#read(() => leases.isHeldByOther(physical, owner))) return false;
    return this.#write({ kind: 'lease', physical, owner, ttlMs });
  }

  async release(namespace: string, key: string, owner: string): Promise<void> {
    this.#use();
    await this.#write({ kind: 'release', physical: physicalKey(namespace, key), owner });
  }

  sequence(): number {
    const trees = this.#use()?.driver.trees;
    return trees === undefined ? 0 : this.#read(() => DiskCounters.load(trees).sequence);
  }

  async *entries(namespace: string): AsyncIterable<StoreSummary> {
    const state = this.#use();
    if (state === undefined) return;
    const { driver, clears } = state;
    const range = physicalRange(namespace);
    let start: { start: string; exclusiveStart?: boolean } = range;
    for (;;) {
      // In pages: an iterator left open over an await would keep a snapshot, and with it old pages, alive.
      const rows = Array.from(
        driver.trees.index.getRange({ ...start, end: range.end, limit: PAGE_OF_ENTRIES }),
      );
      for (const { key: physical, value } of rows) {
        const row = unpackRow(value);
        if (row === undefined || clears.isClearedSince(namespace, row.tags, row.sequence)) continue;
        const key = row.longKey ?? logicalKey(namespace, physical);
        if (key === undefined) continue;
        const { size, createdAt, expiresAt, retainUntil, negative, tags } = row;
        yield { namespace, key, size, createdAt, expiresAt, retainUntil, negative, tags };
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE_OF_ENTRIES) return;
      start = { start: last.key, exclusiveStart: true };
    }
  }

  stats(): StoreStats {
    const { maxBytes } = this.#options;
    const damage = this.#damage ?? this.#state?.driver.damage;
    const notice = damage === undefined ? {} : { notice: `A damaged cache file was set aside: ${damage}` };
    const { entries, bytes } = this.#count();
    return { entries, bytes, maxBytes, evictions: this.#evictions, corrupt: this.#corrupt, ...notice };
  }

  async flush(): Promise<void> {
    await this.#queue.idle();
    await this.#state?.driver.sync();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const state = this.#state ?? (await this.#opening?.catch(() => undefined));
    await this.#queue.idle();
    this.#state = undefined;
    await state?.driver.close();
  }

  async #openFile(): Promise<OpenStore> {
    const { path, clock, maxBytes, openDriver } = this.#options;
    const driver = await openDriver(path, clock);
    const { trees } = driver;
    const now = (): number => clock.now();
    const clears = new DiskClears(trees.meta);
    const changes = new DiskChanges(trees.changes);
    const leases = new DiskLeases(trees.leases, now);
    const writer = new DiskWriter({ trees, clears, changes, leases, maxBytes, now, touched: this.#touched });
    return { driver, clears, changes, leases, writer };
  }

  #count(): { entries: number; bytes: number } {
    if (this.#state === undefined) return { entries: 0, bytes: 0 };
    try {
      return DiskCounters.load(this.#state.driver.trees);
    } catch {
      // Statistics are asked for when something is wrong. The next read will tell what.
      return { entries: 0, bytes: 0 };
    }
  }

  /** Reads from the file; a failure that means damage gets the file replaced. */
  #read<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (CacheError.isInstance(error)) throw error;
      this.#replaceIfDamaged(error);
      throw storeFailure('read', error);
    }
  }

  #replaceIfDamaged(error: unknown): boolean {
    const { driver } = this.#state ?? {};
    if (driver === undefined || !driver.isDamage(error)) return false;
    this.#damage = String(error instanceof Error ? error.message : error);
    this.#state = undefined;
    this.#opening = driver.condemn().then(() => this.#openFile());
    this.open().catch(() => {
      // Tried again with the next use.
    });
    return true;
  }

  #touch(physical: string): void {
    if (this.#touched.size < MAX_TOUCHED) this.#touched.add(physical);
  }

  /** Undefined while a damaged file is being replaced: until then the store is as good as empty. */
  #use(): OpenStore | undefined {
    if (this.#closed) throw closed();
    if (this.#state !== undefined || this.#opening !== undefined) return this.#state;
    // After a replacement that failed.
    this.open().catch(() => {});
    throw new CacheError('CACHE_STORE_UNAVAILABLE', 'The disk store is not open', {
      hint: 'Await `open()` first.',
      retryable: true,
    });
  }

  #decode(namespace: string, key: string, physical: string, bytes: Buffer): ReturnType<typeof decodeRecord> {
    try {
      return decodeRecord(bytes, physical);
    } catch (error) {
      this.#corrupt += 1;
      this.#write({ kind: 'delete', namespace, key, physical, writer: SELF }).catch(() => {
        // The entry stays where it is and is found out again.
      });
      throw error;
    }
  }

  async #write(operation: WriteOperation): Promise<boolean> {
    const settle = this.#pending.begin(operation);
    try {
      return await this.#queue.add(operation);
    } finally {
      settle();
    }
  }

  async #commit(batch: readonly WriteOperation[]): Promise<readonly boolean[]> {
    const { driver, clears, writer } = await this.#ensureOpen();
    try {
      await driver.beforeCommit();
      const outcome = driver.transaction(() => writer.apply(batch));
      this.#evictions += outcome.evictions;
      if (outcome.overfull) this.#maintain();
      return outcome.results;
    } catch (error) {
      clears.forget();
      if (!this.#replaceIfDamaged(error)) this.#stepBack(driver, writer);
      throw storeFailure('write', error);
    } finally {
      driver.afterCommit();
    }
  }

  #stepBack(driver: DiskDriver, writer: DiskWriter): void {
    try {
      this.#evictions += driver.transaction(() => writer.stepBack());
    } catch {
      // Not even that could be written. The failure that led here is reported.
    }
  }

  #maintain(): void {
    this.#write({ kind: 'maintain' }).catch(() => {
      // The next write tries again.
    });
  }

  async #ensureOpen(): Promise<OpenStore> {
    const state = this.#state ?? (await this.#opening);
    if (state === undefined) throw closed();
    return state;
  }
}

function closed(): CacheError {
  return new CacheError('CACHE_CLOSED', 'The cache is closed', { hint: 'Create another.', retryable: false });
}

function storeFailure(what: 'read' | 'write', cause: unknown): CacheError {
  const hint = what === 'write' ? 'See the cause. Most often the disk is full.' : 'See the cause.';
  return new CacheError('CACHE_STORE_FAILED', `The disk store could not ${what}`, {
    hint,
    retryable: true,
    cause,
  });
}
