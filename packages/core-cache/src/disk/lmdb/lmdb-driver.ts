import type { RootDatabase } from 'lmdb';
import type { DiskDriver, DiskTrees } from '../disk-driver.js';
import { Syncer } from './syncer.js';

/** Transactions between two looks for readers that died: each of them keeps old pages from being reused. */
const READER_CHECK_EVERY = 64;

/** An open LMDB file. */
export class LmdbDriver implements DiskDriver {
  readonly trees: DiskTrees;
  readonly damage: string | undefined;
  readonly #root: RootDatabase<unknown, string>;
  readonly #syncer: Syncer;
  #transactions = 0;

  constructor(
    root: RootDatabase<unknown, string>,
    trees: DiskTrees,
    file: string,
    damage: string | undefined,
  ) {
    this.#root = root;
    this.trees = trees;
    this.damage = damage;
    this.#syncer = new Syncer(root, file);
  }

  beforeCommit(): Promise<void> {
    return this.#syncer.beforeCommit();
  }

  transaction<T>(action: () => T): T {
    this.#transactions += 1;
    if (this.#transactions % READER_CHECK_EVERY === 0) this.#root.readerCheck();
    // The library's asynchronous transactions were seen to hang, and to print, when the disk is full. A synchronous one holds
    // the lock for our own few writes only, and what fails throws here and is undone.
    return this.#root.transactionSync(action);
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

  async close(): Promise<void> {
    try {
      await this.#syncer.close();
    } finally {
      await this.#root.close();
    }
  }
}
