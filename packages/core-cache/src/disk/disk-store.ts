import { CacheError } from '../cache-error.js';
import type { Clock } from '../clock.js';
import { EvictedKeys } from '../evicted-keys.js';
import { keyHash } from '../key-hash.js';
import type {
  Awaitable,
  Store,
  StoreChanges,
  StoreEntry,
  StoreGetOptions,
  StoreSetOptions,
  StoreStats,
  StoreSummary,
} from '../store.js';
import { DiskCounters } from './disk-counters.js';
import type { DiskDriver } from './disk-driver.js';
import { DiskFile, storeFailure } from './disk-file.js';
import type { RoomMade } from './disk-room.js';
import type { DiskWriter } from './disk-writer.js';
import { indexRange } from './index-key.js';
import { PendingWrites } from './pending-writes.js';
import { physicalKey } from './physical-key.js';
import { decodeRecord, estimateRecordBytes, fitsTags } from './record.js';
import { operationBytes, type WriteOperation } from './write-operation.js';
import { WriteQueue } from './write-queue.js';

export interface DiskStoreOptions {
  /** Directory, created if missing. */
  readonly path: string;
  /** Size limit of the file. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly openDriver: (path: string, clock: Clock, maxBytes: number) => Promise<DiskDriver>;
  /** Prefix of the tag that names an entry's owner. Default: all entries belong to one owner. */
  readonly ownerTag?: string | undefined;
}

const SELF = '';
const PAGE_OF_ENTRIES = 256;
const MAX_TOUCHED = 100_000;

/** Entries in one file, shared by any number of processes of one machine. */
export class DiskStore implements Store<Uint8Array> {
  readonly name = 'disk';
  readonly #maxBytes: number;
  readonly #file: DiskFile;
  readonly #pending: PendingWrites = new PendingWrites();
  readonly #queue: WriteQueue;
  readonly #touched: Set<string> = new Set();
  readonly #evicted: EvictedKeys = new EvictedKeys();
  #evictions = 0;
  #returned = 0;
  #unread = 0;
  #corrupt = 0;

  constructor(options: DiskStoreOptions) {
    this.#maxBytes = options.maxBytes;
    this.#queue = new WriteQueue(options.maxBytes, (batch) => this.#commit(batch));
    this.#file = new DiskFile({ ...options, touched: this.#touched, evicted: this.#evicted });
  }

  async open(): Promise<void> {
    await this.#file.open();
  }

  get(
    namespace: string,
    key: string,
    { isUse = true }: StoreGetOptions = {},
  ): StoreEntry<Uint8Array> | undefined {
    const state = this.#file.use();
    if (this.#pending.covers(namespace, key)) return this.#pending.entry(namespace, key);
    if (state === undefined) return undefined;
    const { rows, clears } = state;
    const record = this.#file.read(() => {
      const bytes = rows.record(namespace, key);
      const decoded = bytes && this.#decode(namespace, key, bytes);
      if (decoded === undefined) return undefined;
      return clears.isClearedSince(namespace, decoded.tags, decoded.sequence) ? undefined : decoded;
    });
    if (record === undefined) {
      if (isUse && !this.#evicted.isEmpty && this.#evicted.take(keyHash(namespace, key))) this.#returned += 1;
      return undefined;
    }
    if (this.#pending.isClearing(namespace, record.tags)) return undefined;
    if (isUse) this.touch(namespace, key);
    return record;
  }

  touch(namespace: string, key: string): void {
    if (this.#touched.size < MAX_TOUCHED) this.#touched.add(physicalKey(namespace, key));
  }

  /** `writer` identifies the user of this store whose `changes` omit this write. */
  set(
    namespace: string,
    key: string,
    entry: StoreEntry<Uint8Array>,
    options?: StoreSetOptions,
    writer: string = SELF,
  ): Promise<boolean> {
    this.#file.use();
    if (!fitsTags(entry.tags)) return this.delete(namespace, key, writer).then(() => false);
    const bytes = estimateRecordBytes(key, entry);
    const { since, gatherMs = 0 } = options ?? {};
    return this.#write({ kind: 'set', namespace, key, entry, bytes, since, writer }, gatherMs);
  }

  delete(namespace: string, key: string, writer: string = SELF): Promise<boolean> {
    this.#file.use();
    return this.#write({ kind: 'delete', namespace, key, writer });
  }

  async clear(namespace: string, tag?: string, writer: string = SELF): Promise<void> {
    this.#file.use();
    await this.#write({ kind: 'clear', namespace, tag, writer });
  }

  changes(cursor: number, writer: string = SELF): StoreChanges {
    const state = this.#file.use();
    if (state === undefined) return { cursor, isComplete: false, keys: [], clears: [] };
    const { driver, changes } = state;
    // Reads of one moment share a snapshot, but this one must see what others have committed since.
    return this.#file.read(() => {
      driver.refresh();
      const { sequence } = DiskCounters.load(driver.trees);
      if (this.#file.takeReplacement(writer))
        return { cursor: sequence, isComplete: false, keys: [], clears: [] };
      if (sequence === cursor) return { cursor, isComplete: true, keys: [], clears: [] };
      return changes.since(cursor, sequence, writer);
    });
  }

  lease(namespace: string, key: string, owner: string, ttlMs: number): Awaitable<boolean> {
    const physical = physicalKey(namespace, key);
    // A read is cheap, so waiters do not queue for the write lock.
    const leases = this.#file.use()?.leases;
    if (leases !== undefined && this.#file.read(() => leases.isHeldByOther(physical, owner))) return false;
    return this.#write({ kind: 'lease', physical, owner, ttlMs });
  }

  async release(namespace: string, key: string, owner: string): Promise<void> {
    this.#file.use();
    await this.#write({ kind: 'release', physical: physicalKey(namespace, key), owner });
  }

  sequence(): number {
    const trees = this.#file.use()?.driver.trees;
    return trees === undefined ? 0 : this.#file.read(() => DiskCounters.load(trees).sequence);
  }

  async *entries(namespace: string): AsyncIterable<StoreSummary> {
    const state = this.#file.use();
    if (state === undefined) return;
    const { rows, clears } = state;
    const range = indexRange(namespace);
    let start: { start: number; exclusiveStart?: boolean } = range;
    for (;;) {
      // In pages: an iterator left open across an await would hold a snapshot and keep old pages from being reused.
      const page = { ...start, end: range.end, limit: PAGE_OF_ENTRIES };
      const found = this.#file.read(() => rows.inRange(page));
      for (const { entry } of found) {
        if (entry?.namespace !== namespace || clears.isClearedSince(namespace, entry.tags, entry.sequence))
          continue;
        const { key, size, createdAt, expiresAt, retainUntil, negative, tags } = entry;
        yield { namespace, key, size, createdAt, expiresAt, retainUntil, negative, tags };
      }
      const last = found.at(-1);
      if (last === undefined || found.length < PAGE_OF_ENTRIES) return;
      start = { start: last.slot, exclusiveStart: true };
    }
  }

  stats(): StoreStats {
    const maxBytes = this.#maxBytes;
    const { damage } = this.#file;
    const notice = damage === undefined ? {} : { notice: `A damaged cache file was set aside: ${damage}` };
    const { entries, bytes } = this.#file.count();
    return {
      entries,
      bytes,
      maxBytes,
      evictions: this.#evictions,
      returned: this.#returned,
      unread: this.#unread,
      corrupt: this.#corrupt,
      ...notice,
    };
  }

  async flush(): Promise<void> {
    await this.#queue.idle();
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#file.close(() => this.#queue.idle());
  }

  #decode(namespace: string, key: string, bytes: Buffer): ReturnType<typeof decodeRecord> {
    try {
      return decodeRecord(bytes, namespace, key);
    } catch (error) {
      this.#corrupt += 1;
      this.#write({ kind: 'delete', namespace, key, writer: SELF }).catch(() => {
        // The entry stays and will be detected again.
      });
      throw error;
    }
  }

  #write(operation: WriteOperation, gatherMs = 0): Promise<boolean> {
    if (this.#queue.isFullFor(operation)) return Promise.reject(backlogFull());
    this.#pending.begin(operation);
    return this.#queue.add(operation, gatherMs);
  }

  async #commit(batch: readonly WriteOperation[]): Promise<readonly boolean[]> {
    try {
      return await this.#transact(batch);
    } finally {
      this.#pending.end(batch);
    }
  }

  async #transact(batch: readonly WriteOperation[]): Promise<readonly boolean[]> {
    const { driver, clears, writer } = await this.#file.whenOpen();
    try {
      await driver.beforeCommit();
      const bytes = batch.reduce((sum, operation) => sum + operationBytes(operation), 0);
      const { results, ...made } = driver.transaction(() => writer.apply(batch), bytes);
      await this.#makeRoom(made, driver, () => writer.makeRoom());
      return results;
    } catch (error) {
      clears.forget();
      if (this.#file.hasLeft(driver)) return await this.#transact(batch);
      if (!this.#file.replaceIfDamaged(error)) await this.#stepBack(driver, writer);
      throw storeFailure('write', error);
    } finally {
      driver.afterCommit();
    }
  }

  /** Runs before the next batch, in small steps between which other work gets its turn. */
  async #makeRoom(first: RoomMade, driver: DiskDriver, goOn: () => RoomMade): Promise<void> {
    let made = first;
    this.#countEvictions(made);
    while (made.isOverfull) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      made = driver.transaction(goOn);
      this.#countEvictions(made);
    }
  }

  #countEvictions({ evictions, unread }: RoomMade): void {
    this.#evictions += evictions;
    this.#unread += unread;
  }

  async #stepBack(driver: DiskDriver, writer: DiskWriter): Promise<void> {
    try {
      const made = driver.transaction(() => writer.stepBack());
      await this.#makeRoom(made, driver, () => writer.makeRoom());
    } catch {
      // Not even that could be written. The original failure is reported.
    }
  }
}

function backlogFull(): CacheError {
  return new CacheError('CACHE_BACKLOG_FULL', 'More writes wait for the disk than may be held in memory', {
    hint: 'Await the promise of `set` now and then, or cache less.',
    retryable: true,
  });
}
