import { UsageError } from '../errors.js';
import type { RowAllowance } from './row-allowance.js';
import { failureOf } from './sqlite.js';
import { inodeOf, openStore, type Store, setAside } from './store.js';

/** Access to the ledger's file: opens it when needed, survives its failures, and tries again later. */
export interface StoreAccess {
  /** Runs `work` on the open file. Undefined if the file cannot be used now. Never throws. */
  use<T>(work: (store: Store) => T): T | undefined;
  /** Like `use`, for work that only reads: a full disk or a writer's lock is no reason not to try. */
  read<T>(work: (store: Store) => T): T | undefined;
  /** Lets the next `use` try at once, and wait longer for other processes' locks. */
  lastTry(): void;
  /** Whether the last attempt failed. */
  readonly failing: boolean;
  readonly problem: UsageError | undefined;
  readonly setAside: readonly string[];
  close(): void;
}

/** Waits for locks are synchronous, and therefore short: a batch that meets a lock is simply tried again. */
const lockTimeoutMs = 100;
const lastLockTimeoutMs = 2000;
/** The first opening of a file may have to wait until another process has created or migrated it. */
const openingTimeoutMs = 5000;
const firstRetryMs = 1000;
const longestRetryMs = 30_000;

export function createStoreAccess(path: string, clock: () => number, rowsFor: RowAllowance): StoreAccess {
  let store: Store | undefined;
  let inode: number | undefined;
  let problem: UsageError | undefined;
  let failing = false;
  let retryAt = 0;
  let retryMs = firstRetryMs;
  let lockMs = lockTimeoutMs;
  let replaced = false;
  let closed = false;
  const moved: string[] = [];

  function opened(): Store {
    if (store?.isCurrent() === false) drop(); // Deleted or replaced: rows written there would be lost.
    if (store === undefined) {
      inode = inodeOf(path);
      // Long at first, and once more for a new file in place of a damaged one, which other processes want as well. Should that fail, later
      // attempts must not block the process for that long again and again.
      store = openStore(path, failing && !replaced ? lockMs : openingTimeoutMs, rowsFor);
      store.waitForLocks(lockMs);
      inode = inodeOf(path);
    }
    return store;
  }

  function drop(): void {
    const closing = store;
    store = undefined;
    try {
      closing?.close();
    } catch {
      // The connection was given up anyway; nothing more can be done with it.
    }
  }

  function fail(error: unknown): void {
    failing = true;
    const failure = failureOf(error);
    replaced = false;
    if (failure === 'damaged') {
      drop();
      problem = damaged(path, replace(), error);
    } else {
      // A lock or a full disk leaves the connection intact; after anything else a new one may do better.
      if (failure !== 'busy' && failure !== 'full') drop();
      problem = UsageError.isInstance(error) ? error : unavailable(path, error);
    }
    retryAt = clock() + retryMs;
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }

  /** Moves the damaged file aside, and says where it is. */
  function replace(): string {
    try {
      const aside = setAside(path, inode, clock(), openingTimeoutMs);
      replaced = true;
      if (aside === undefined) return 'another process has moved it aside';
      moved.push(aside);
      return `it was moved to ${aside}`;
    } catch (error) {
      return `it could not be moved aside (${reasonOf(error)})`;
    }
  }

  function attempt<T>(work: (store: Store) => T): { readonly value: T } | undefined {
    try {
      const value = work(opened());
      failing = false;
      retryMs = firstRetryMs;
      if (problem?.code !== 'USAGE_LEDGER_DAMAGED') problem = undefined;
      return { value };
    } catch (error) {
      fail(error);
      return undefined;
    }
  }

  function use<T>(work: (store: Store) => T): T | undefined {
    if (closed) return undefined;
    replaced = false;
    // If the clock was set back, the ledger must not wait for longer than the longest pause.
    const waitMs = retryAt - clock();
    if (failing && waitMs > 0 && waitMs <= longestRetryMs) return undefined;
    const result = attempt(work) ?? (replaced ? attempt(work) : undefined);
    return result?.value;
  }

  return {
    use,
    read(work) {
      if (!failing || store === undefined) return use(work);
      try {
        return work(store);
      } catch (error) {
        fail(error);
        return undefined;
      }
    },
    lastTry() {
      failing = false;
      lockMs = lastLockTimeoutMs;
      store?.waitForLocks(lockMs);
    },
    get failing() {
      return failing;
    },
    get problem() {
      return problem;
    },
    setAside: moved,
    close() {
      closed = true;
      drop();
    },
  };
}

function damaged(path: string, where: string, cause: unknown): UsageError {
  return new UsageError('USAGE_LEDGER_DAMAGED', `the ledger ${path} was damaged; ${where}`, {
    hint: 'Recorded usage before the damage is only in the file moved aside; "sqlite3 FILE .recover" may read it.',
    retryable: true,
    cause,
  });
}

function unavailable(path: string, cause: unknown): UsageError {
  return new UsageError('USAGE_LEDGER_UNAVAILABLE', `the ledger ${path} cannot be used: ${reasonOf(cause)}`, {
    hint: 'Check that its folder exists, is writable and has free space; calls go on, and writing is tried again.',
    retryable: true,
    cause,
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
