/** Where a range of keys begins and ends. Keys are in the order of their bytes, numbers in the order of their values. */
export interface TreeRange<K> {
  readonly start?: K;
  readonly exclusiveStart?: boolean;
  readonly end?: K;
  readonly inclusiveEnd?: boolean;
  readonly limit?: number;
}

export interface PutOptions {
  /** The key comes after all that are there: its place need not be looked for, and pages are filled to their ends. Default false. */
  readonly append?: boolean;
  /** Default false. */
  readonly noOverwrite?: boolean;
}

/** An ordered map in the file. Writes only inside of {@link DiskDriver.transaction}. */
export interface Tree<K, V> {
  /** What it returns belongs to the caller. */
  get(key: K): V | undefined;
  /** `false`, and nothing is put, where that would not be as the options say. */
  putSync(key: K, value: V, options?: PutOptions): unknown;
  /** Whether the key was there. */
  removeSync(key: K): boolean;
  getKeys(range: TreeRange<K>): Iterable<K>;
  getRange(range: TreeRange<K>): Iterable<{ key: K; value: V }>;
}

/** A tree of bytes. */
export interface BytesTree<K> extends Tree<K, Buffer> {
  /** Like `get`, where {@link DiskTrees.lendsBytes} does not say otherwise. */
  getBinaryFast(key: K): Buffer | undefined;
}

/** The trees of one file. */
export interface DiskTrees {
  /** Index key → place in one of the queues of the eviction policy. */
  readonly index: Tree<number, unknown>;
  /** The queues: position → record. */
  readonly small: BytesTree<number>;
  readonly main: BytesTree<number>;
  /** What follows the beginning of a large record: sequence and number of the part, from 1 on → part. */
  readonly parts: BytesTree<[sequence: number, part: number]>;
  /** How much of a record goes into one value. */
  readonly maxValueBytes: number;
  /** What `getBinaryFast` returns is good only until the next look into the file, and `length` alone tells its size. */
  readonly lendsBytes: boolean;
  /** Counters, and the sequence of each clear. */
  readonly meta: Tree<string, unknown>;
  /** Sequence → what changed from then on. */
  readonly changes: Tree<number, unknown>;
  /** Physical key → who loads it. */
  readonly leases: Tree<string, unknown>;
}

/** Where the room in a file is, counted in whole pages. */
export interface DiskUsage {
  /** Taken by what is stored and what keeps it in order. Inside a transaction, as it would be after it. */
  readonly usedBytes: number;
  /** Size of the file; what is not used in it is used again. */
  readonly fileBytes: number;
}

/** A file of trees, open. All but `sync` and `close` is synchronous, so that the write lock is held for our own work only. */
export interface DiskDriver {
  readonly trees: DiskTrees;
  /** Why the file that was there was set aside, if it was. */
  readonly damage: string | undefined;
  /** To be awaited before {@link transaction}; {@link afterCommit} must follow, whether that succeeds or not. */
  beforeCommit(): Promise<void>;
  /**
   * All or nothing; throws what the action throws, or why it could not be committed. `bytes`: of the records that it writes, for
   * drivers that look for room beforehand. Default: 0.
   */
  transaction<T>(action: () => T, bytes?: number): T;
  afterCommit(): void;
  /** Counts by the file's own books, in constant time. */
  usage(): DiskUsage;
  /** Lets the next read see what other processes have committed by now. */
  refresh(): void;
  /** Resolves when every commit so far will survive a crash of the machine. */
  sync(): Promise<void>;
  /** Whether an error means that the file itself is damaged, as opposed to full, locked or out of reach. */
  isDamage(error: unknown): boolean;
  /** Closes the file and sets it aside, so that the next opening begins a new one. */
  condemn(): Promise<void>;
  close(): Promise<void>;
}
