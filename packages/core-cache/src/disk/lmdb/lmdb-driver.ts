import type { RootDatabase } from 'lmdb';
import type { DiskDriver, DiskTrees, DiskUsage } from '../disk-driver.js';
import type { PlacedFile } from '../set-aside.js';
import { stampClosed } from './closed-stamp.js';
import type { ProcessMarker } from './process-marker.js';
import { requireRoom } from './require-room.js';
import { Syncer } from './syncer.js';

/** Transactions between two checks for dead readers; a dead reader keeps old pages from being reused. */
const READER_CHECK_EVERY = 64;

/** From lmdb.h. */
const BAD_TRANSACTION = -30782;
const PROBLEM = -30779;

/**
 * From lmdb.h: page not found, corrupted, panic, invalid, bad transaction, problem. 12 (ENOMEM) and 27 (EFBIG): a size or a file offset is
 * garbage.
 */
const DAMAGE: ReadonlySet<unknown> = new Set([
  -30797,
  -30796,
  -30795,
  -30793,
  BAD_TRANSACTION,
  PROBLEM,
  12,
  27,
]);

/** Whether an error of LMDB means that the file is damaged. */
export function isLmdbDamage(error: unknown): boolean {
  return DAMAGE.has((error as { code?: unknown }).code);
}

export interface LmdbDriverOptions {
  readonly root: RootDatabase<unknown, string>;
  readonly trees: DiskTrees;
  readonly usage: () => DiskUsage;
  readonly file: string;
  readonly damage: string | undefined;
  /** Already set; removed on close. */
  readonly marker: ProcessMarker;
  readonly place: PlacedFile;
}

/** An open LMDB file. */
export class LmdbDriver implements DiskDriver {
  readonly trees: DiskTrees;
  readonly damage: string | undefined;
  readonly usage: () => DiskUsage;
  readonly #root: RootDatabase<unknown, string>;
  readonly #syncer: Syncer;
  readonly #marker: ProcessMarker;
  readonly #place: PlacedFile;
  readonly #file: string;
  #transactions = 0;

  constructor(options: LmdbDriverOptions) {
    this.#root = options.root;
    this.trees = options.trees;
    this.damage = options.damage;
    this.usage = options.usage;
    this.#marker = options.marker;
    this.#place = options.place;
    this.#file = options.file;
    this.#syncer = new Syncer(options.root, options.file);
  }

  beforeCommit(): Promise<void> {
    return this.#syncer.beforeCommit();
  }

  transaction<T>(action: () => T, bytes = 0): T {
    requireRoom(this.#file, bytes);
    this.#transactions += 1;
    if (this.#transactions % READER_CHECK_EVERY === 0) this.#root.readerCheck();
    // A snapshot of our own, left from the last read, would keep pages from being reused.
    this.#root.resetReadTxn();
    // lmdb's asynchronous transactions were seen to hang, and to print, when the disk is full. A synchronous one holds the lock for our own
    // few writes only, and a failure throws here and is rolled back.
    try {
      return this.#root.transactionSync(action);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code !== BAD_TRANSACTION && code !== PROBLEM) throw error;
      // lmdb's list of free pages, cached between transactions, is sometimes wrong, mostly after one that freed many pages. When lmdb takes
      // a page that is not free, or on commit, it notices, rolls back and rereads the list. If the file itself is wrong, the retry fails
      // the same way.
      return this.#root.transactionSync(action);
    }
  }

  afterCommit(): void {
    this.#syncer.afterCommit();
  }

  refresh(): void {
    this.#root.resetReadTxn();
  }

  sync(): Promise<void> {
    return this.#syncer.sync();
  }

  isDamage(error: unknown): boolean {
    // An error without a code comes from a row that could not be decoded.
    return (error as { code?: unknown }).code === undefined || isLmdbDamage(error);
  }

  isInPlace(): boolean {
    return this.#place.isInPlace();
  }

  async condemn(): Promise<void> {
    await this.#closeFile().catch(() => {
      // The file is being discarded anyway.
    });
    await this.#marker.unset();
    await this.#place.setAside();
  }

  async close(): Promise<void> {
    try {
      await this.#closeFile();
      // Without the stamp, the next open verifies the file.
      if (this.isInPlace()) await stampClosed(this.#file).catch(() => {});
    } finally {
      await this.#marker.unset();
    }
  }

  async #closeFile(): Promise<void> {
    try {
      await this.#syncer.close();
    } finally {
      await this.#root.close();
    }
  }
}
