import type { RootDatabase } from 'lmdb';
import type { DiskDriver, DiskTrees, DiskUsage } from '../disk-driver.js';
import { stampClosed } from './closed-stamp.js';
import type { ProcessMarker } from './process-marker.js';
import { requireRoom } from './require-room.js';
import { Syncer } from './syncer.js';

/** Transactions between two looks for readers that died: each of them keeps old pages from being reused. */
const READER_CHECK_EVERY = 64;

/** From lmdb.h. */
const BAD_TRANSACTION = -30782;
const PROBLEM = -30779;

/**
 * From lmdb.h: page not found, corrupted, panic, invalid, bad transaction, problem. 12 and 27: room for
 * a size, or a place in the file, that is garbage.
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
  /** Set; taken away on closing. */
  readonly marker: ProcessMarker;
  /** Closes what is left and moves the file away. */
  readonly setAside: () => Promise<void>;
}

/** An open LMDB file. */
export class LmdbDriver implements DiskDriver {
  readonly trees: DiskTrees;
  readonly damage: string | undefined;
  readonly usage: () => DiskUsage;
  readonly #root: RootDatabase<unknown, string>;
  readonly #syncer: Syncer;
  readonly #marker: ProcessMarker;
  readonly #setAside: () => Promise<void>;
  readonly #file: string;
  #transactions = 0;

  constructor(options: LmdbDriverOptions) {
    this.#root = options.root;
    this.trees = options.trees;
    this.damage = options.damage;
    this.usage = options.usage;
    this.#marker = options.marker;
    this.#setAside = options.setAside;
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
    // A snapshot of our own, kept from the last read, would keep pages from being used again.
    this.#root.resetReadTxn();
    // The library's asynchronous transactions were seen to hang, and to print, when the disk is full. A synchronous one holds
    // the lock for our own few writes only, and what fails throws here and is undone.
    try {
      return this.#root.transactionSync(action);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code !== BAD_TRANSACTION && code !== PROBLEM) throw error;
      // Its list of free pages, kept between transactions, is wrong at times, mostly after one that freed much. It notices when it
      // takes a page that is not free, or when it commits, undoes the transaction and reads the list anew. If it is the file that is
      // wrong, it will say so again.
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
    // Without a code it is a row that could not be decoded.
    return (error as { code?: unknown }).code === undefined || isLmdbDamage(error);
  }

  async condemn(): Promise<void> {
    await this.#closeFile().catch(() => {
      // Nothing in it is wanted any more.
    });
    await this.#marker.unset();
    await this.#setAside();
  }

  async close(): Promise<void> {
    try {
      await this.#closeFile();
      await stampClosed(this.#file).catch(() => {
        // Then the next one to open it looks closer.
      });
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
