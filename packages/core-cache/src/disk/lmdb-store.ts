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
import { unpackRow } from './index-row.js';
import { LmdbChanges } from './lmdb-changes.js';
import { LmdbClears } from './lmdb-clears.js';
import { LmdbCounters } from './lmdb-counters.js';
import { LmdbLeases } from './lmdb-leases.js';
import { LmdbWriter } from './lmdb-writer.js';
import { type LmdbTrees, openLmdb } from './open-lmdb.js';
import { PendingWrites } from './pending-writes.js';
import { logicalKey, physicalKey, physicalRange } from './physical-key.js';
import { decodeRecord, draftRecord } from './record.js';
import { Syncer } from './syncer.js';
import type { WriteOperation } from './write-operation.js';
import { WriteQueue } from './write-queue.js';

export interface LmdbStoreOptions {
  /** Directory, made if it is missing. */
  readonly path: string;
  /** Bound on what the entries take in the file. */
  readonly maxBytes: number;
  readonly clock: Clock;
}

const SELF = '';
const PAGE_OF_ENTRIES = 256;
const MAX_TOUCHED = 100_000;
/** Transactions between two looks for readers that died: each of them keeps old pages from being reused. */
const READER_CHECK_EVERY = 64;

interface OpenStore {
  readonly trees: LmdbTrees;
  readonly clears: LmdbClears;
  readonly changes: LmdbChanges;
  readonly leases: LmdbLeases;
  readonly writer: LmdbWriter;
  readonly syncer: Syncer;
}

/** Entries in one LMDB file, shared by any number of processes of one machine. */
export class LmdbStore implements Store<Uint8Array> {
  readonly name = 'disk';
  readonly #options: LmdbStoreOptions;
  readonly #pending: PendingWrites = new PendingWrites();
  readonly #queue: WriteQueue = new WriteQueue((batch) => this.#commit(batch));
  readonly #touched: Set<string> = new Set();
  #opening: Promise<OpenStore> | undefined;
  #state: OpenStore | undefined;
  /** Why the file found at the last opening was set aside, if it was. */
  #damage: string | undefined;
  #closed = false;
  #transactions = 0;
  #evictions = 0;
  #corrupt = 0;

  constructor(options: LmdbStoreOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    if (this.#closed) throw closed();
    this.#opening ??= this.#openTrees();
    try {
      this.#state = await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  get(namespace: string, key: string): StoreEntry<Uint8Array> | undefined {
    const { trees, clears } = this.#use();
    const physical = physicalKey(namespace, key);
    if (this.#pending.covers(physical)) return this.#pending.entry(physical);
    const bytes = trees.records.getBinary(physical);
    if (bytes === undefined) return undefined;
    const record = this.#decode(namespace, key, physical, bytes);
    if (clears.isClearedSince(namespace, record.tags, record.sequence)) return undefined;
    if (this.#pending.isClearing(namespace, record.tags)) return undefined;
    if (this.#touched.size < MAX_TOUCHED) this.#touched.add(physical);
    return record;
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
    const { trees, changes } = this.#use();
    // Reads of one moment share a snapshot; what others do between two moments is the point here.
    trees.root.resetReadTxn();
    const { sequence } = LmdbCounters.load(trees);
    if (sequence === cursor) return { cursor, isComplete: true, keys: [], clears: [] };
    return changes.since(cursor, sequence, writer);
  }

  lease(namespace: string, key: string, owner: string, ttlMs: number): Awaitable<boolean> {
    const physical = physicalKey(namespace, key);
    // A look is cheap, so those who wait do not queue for the write lock.
    if (this.#use().leases.isHeldByOther(physical, owner)) return false;
    return this.#write({ kind: 'lease', physical, owner, ttlMs });
  }

  async release(namespace: string, key: string, owner: string): Promise<void> {
    this.#use();
    await this.#write({ kind: 'release', physical: physicalKey(namespace, key), owner });
  }

  sequence(): number {
    return LmdbCounters.load(this.#use().trees).sequence;
  }

  async *entries(namespace: string): AsyncIterable<StoreSummary> {
    const { trees, clears } = this.#use();
    const range = physicalRange(namespace);
    let start: { start: string; exclusiveStart?: boolean } = range;
    for (;;) {
      // In pages: an iterator left open over an await would keep a snapshot, and with it old pages, alive.
      const rows = Array.from(trees.index.getRange({ ...start, end: range.end, limit: PAGE_OF_ENTRIES }));
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
    const notice =
      this.#damage === undefined ? {} : { notice: `A damaged cache file was set aside: ${this.#damage}` };
    const counted = { maxBytes, evictions: this.#evictions, corrupt: this.#corrupt, ...notice };
    if (this.#state === undefined) return { entries: 0, bytes: 0, ...counted };
    const { entries, bytes } = LmdbCounters.load(this.#state.trees);
    return { entries, bytes, ...counted };
  }

  async flush(): Promise<void> {
    await this.#queue.idle();
    await this.#state?.syncer.sync();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const state = this.#state ?? (await this.#opening?.catch(() => undefined));
    await this.#queue.idle();
    this.#state = undefined;
    try {
      await state?.syncer.close();
    } finally {
      await state?.trees.root.close();
    }
  }

  async #openTrees(): Promise<OpenStore> {
    const { path, clock, maxBytes } = this.#options;
    const { file, trees, damage } = await openLmdb(path, clock);
    this.#damage = damage;
    const clears = new LmdbClears(trees.meta);
    const now = (): number => clock.now();
    const changes = new LmdbChanges(trees.changes);
    const leases = new LmdbLeases(trees.leases, now);
    const writer = new LmdbWriter({ trees, clears, changes, leases, maxBytes, now, touched: this.#touched });
    return { trees, clears, changes, leases, writer, syncer: new Syncer(trees.root, file) };
  }

  #use(): OpenStore {
    if (this.#closed) throw closed();
    if (this.#state !== undefined) return this.#state;
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
    const { trees, clears, writer, syncer } = await this.#ensureOpen();
    this.#transactions += 1;
    if (this.#transactions % READER_CHECK_EVERY === 0) trees.root.readerCheck();
    try {
      await syncer.beforeCommit();
      // In one go, on this thread: nothing but our own few writes happens while the lock is held, a failure throws here and undoes
      // all of it. The library's asynchronous transactions were seen to hang, and to print, when the disk is full.
      const outcome = trees.root.transactionSync(() => writer.apply(batch));
      this.#evictions += outcome.evictions;
      if (outcome.overfull) this.#maintain();
      return outcome.results;
    } catch (error) {
      clears.forget();
      this.#stepBack(trees, writer);
      throw writeFailure(error);
    } finally {
      syncer.afterCommit();
    }
  }

  #stepBack(trees: LmdbTrees, writer: LmdbWriter): void {
    try {
      this.#evictions += trees.root.transactionSync(() => writer.stepBack());
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

function writeFailure(error: unknown): CacheError {
  return new CacheError('CACHE_STORE_FAILED', 'The disk store could not write', {
    hint: 'See the cause. Most often the disk is full.',
    retryable: true,
    cause: error,
  });
}
