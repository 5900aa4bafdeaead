/** Where a range of keys begins and ends. Keys are in the order of their bytes, numbers in the order of their values. */
export interface TreeRange<K> {
  readonly start?: K;
  readonly exclusiveStart?: boolean;
  readonly end?: K;
  readonly inclusiveEnd?: boolean;
  readonly limit?: number;
}

/** An ordered map in the file. Writes only inside of {@link DiskDriver.transaction}. */
export interface Tree<K, V> {
  get(key: K): V | undefined;
  putSync(key: K, value: V): unknown;
  /** Whether the key was there. */
  removeSync(key: K): boolean;
  getKeys(range: TreeRange<K>): Iterable<K>;
  getRange(range: TreeRange<K>): Iterable<{ key: K; value: V }>;
}

/** Where the entries themselves are. */
export interface RecordTree {
  /** What it returns belongs to the caller. */
  get(key: string): Buffer | undefined;
  /** Only after {@link removeSync}, if the key is there. */
  putSync(key: string, record: Buffer): unknown;
  removeSync(key: string): boolean;
}

/** The trees of one file. */
export interface DiskTrees {
  /** Physical key → record. */
  readonly records: RecordTree;
  /** Physical key → index row. */
  readonly index: Tree<string, unknown>;
  /** [segment, position] → physical key: the queues of the eviction policy. */
  readonly order: Tree<[number, number], string>;
  /** Counters, and the sequence of each clear. */
  readonly meta: Tree<string, unknown>;
  /** Sequence → what changed then. */
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
