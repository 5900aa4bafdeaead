/** A range of keys. Text keys are ordered by their bytes, numbers by their values. */
export interface TreeRange<K> {
  readonly start?: K;
  readonly exclusiveStart?: boolean;
  readonly end?: K;
  readonly inclusiveEnd?: boolean;
  readonly limit?: number;
}

export interface PutOptions {
  /** The key sorts after all existing ones: its place need not be searched for, and pages are filled to the end. Default false. */
  readonly append?: boolean;
  /** Default false. */
  readonly noOverwrite?: boolean;
}

/** An ordered map in the file. Write only inside {@link DiskDriver.transaction}. */
export interface Tree<K, V> {
  /** The result belongs to the caller. */
  get(key: K): V | undefined;
  /** Returns `false`, and stores nothing, if the options do not permit it. */
  putSync(key: K, value: V, options?: PutOptions): unknown;
  /** Returns whether the key existed. */
  removeSync(key: K): boolean;
  getKeys(range: TreeRange<K>): Iterable<K>;
  getRange(range: TreeRange<K>): Iterable<{ key: K; value: V }>;
}

/** A tree of bytes. */
export interface BytesTree<K> extends Tree<K, Buffer> {
  /** Like `get`, except as stated at {@link DiskTrees.lendsBytes}. */
  getBinaryFast(key: K): Buffer | undefined;
}

/** The trees of one file. */
export interface DiskTrees {
  /** Index key → place in one of the queues of the eviction policy. */
  readonly index: Tree<number, unknown>;
  /** The queues: position → record. */
  readonly small: BytesTree<number>;
  readonly main: BytesTree<number>;
  /** The rest of large records: sequence of the record and number of the part, from 1 on → part. */
  readonly parts: BytesTree<[sequence: number, part: number]>;
  /** Most bytes of a record stored in one value. */
  readonly maxValueBytes: number;
  /** Whether a buffer from `getBinaryFast` is valid only until the next read from the file, with its size in `length` alone. */
  readonly lendsBytes: boolean;
  /** Counters, and the sequence of each clear. */
  readonly meta: Tree<string, unknown>;
  /** Sequence → changes from that sequence on. */
  readonly changes: Tree<number, unknown>;
  /** Physical key → lease of whoever loads the value. */
  readonly leases: Tree<string, unknown>;
}

/** How the space of a file is used, in whole pages. */
export interface DiskUsage {
  /** Taken by entries and by the structures that hold them. Inside a transaction, as it would be after the commit. */
  readonly usedBytes: number;
  /** Size of the file; its unused pages will be reused. */
  readonly fileBytes: number;
}

/** An open file of trees. Transactions are synchronous, so that the write lock is held for our own work only. */
export interface DiskDriver {
  readonly trees: DiskTrees;
  /** Why an existing file was set aside, if it was. */
  readonly damage: string | undefined;
  /** Await before {@link transaction}; then call {@link afterCommit}, whether the transaction succeeded or not. */
  beforeCommit(): Promise<void>;
  /**
   * Takes effect as a whole or not at all. Throws what the action throws, or why the commit failed. `bytes`: size of the records to be
   * written, for drivers that check for free disk space first. Default: 0.
   */
  transaction<T>(action: () => T, bytes?: number): T;
  afterCommit(): void;
  /** Read from the file's own page counts, in constant time. */
  usage(): DiskUsage;
  /** Makes the next read see everything that other processes have committed so far. */
  refresh(): void;
  /** Resolves when every commit so far will survive a crash of the machine. */
  sync(): Promise<void>;
  /** Whether an error means that the file itself is damaged, as opposed to full, locked or out of reach. */
  isDamage(error: unknown): boolean;
  /** Whether the open file is still the one that others find under its name. */
  isInPlace(): boolean;
  /** Closes the file and sets it aside if it is still in place, so that the next open starts a new one. */
  condemn(): Promise<void>;
  close(): Promise<void>;
}
