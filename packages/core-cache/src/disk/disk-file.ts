import { CacheError } from '../cache-error.js';
import type { Clock } from '../clock.js';
import type { EvictedKeys } from '../evicted-keys.js';
import { DiskChanges } from './disk-changes.js';
import { DiskClears } from './disk-clears.js';
import { DiskCounters } from './disk-counters.js';
import type { DiskDriver } from './disk-driver.js';
import { DiskLeases } from './disk-leases.js';
import { DiskRows } from './disk-rows.js';
import { DiskWriter } from './disk-writer.js';

export interface DiskFileOptions {
  /** Directory, created if missing. */
  readonly path: string;
  /** Size limit of the file. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly openDriver: (path: string, clock: Clock, maxBytes: number) => Promise<DiskDriver>;
  readonly ownerTag?: string | undefined;
  /** Physical keys read lately; the eviction policy removes each key when it reaches the entry. */
  readonly touched: Set<string>;
  /** Receives the hashes of evicted keys. */
  readonly evicted: EvictedKeys;
}

/** How often to look whether the file is still in its place. */
const LOOK_EVERY_MS = 1000;

/** An open file with everything that reads and writes it. */
export interface OpenFile {
  readonly driver: DiskDriver;
  readonly rows: DiskRows;
  readonly clears: DiskClears;
  readonly changes: DiskChanges;
  readonly leases: DiskLeases;
  readonly writer: DiskWriter;
}

/** The life of a cache file: opened, replaced when it turns out to be damaged or gone, closed. */
export class DiskFile {
  readonly #options: DiskFileOptions;
  #opening: Promise<OpenFile> | undefined;
  #current: OpenFile | undefined;
  /** Why a file was replaced while it was in use. */
  #damage: string | undefined;
  #lookedAt = 0;
  /** Users who know that the file was replaced; undefined if it never was. */
  #told: Set<string> | undefined;
  #closed = false;

  constructor(options: DiskFileOptions) {
    this.#options = options;
  }

  /** Why a file was set aside, at the last opening or since. */
  get damage(): string | undefined {
    return this.#damage ?? this.#current?.driver.damage;
  }

  async open(): Promise<OpenFile> {
    if (this.#closed) throw closed();
    this.#opening ??= this.#open();
    try {
      this.#current = await this.#opening;
      return this.#current;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  /** Undefined while the file is being replaced; until then treat the store as empty. Throws if the file is not open. */
  use(): OpenFile | undefined {
    if (this.#closed) throw closed();
    const now = performance.now();
    if (now - this.#lookedAt >= LOOK_EVERY_MS) {
      this.#lookedAt = now;
      this.#replaceIfGone();
    }
    if (this.#current !== undefined || this.#opening !== undefined) return this.#current;
    // Not opened yet, or a replacement failed: open it for the next call.
    this.open().catch(() => {});
    throw new CacheError('CACHE_STORE_UNAVAILABLE', 'The disk store is not open', {
      hint: 'Await `open()` first.',
      retryable: true,
    });
  }

  /** For writes that were already accepted: works while the file is being replaced, and until it is closed. */
  async whenOpen(): Promise<OpenFile> {
    const current = this.#current ?? (await this.#opening);
    if (current === undefined) throw closed();
    return current;
  }

  /** Reads from the file. Failures become a `CacheError`; a failure that means damage also has the file replaced. */
  read<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (CacheError.isInstance(error)) throw error;
      this.replaceIfDamaged(error);
      throw storeFailure('read', error);
    }
  }

  replaceIfDamaged(error: unknown): boolean {
    const { driver } = this.#current ?? {};
    if (driver === undefined || !driver.isDamage(error)) return false;
    this.#damage = error instanceof Error ? error.message : String(error);
    this.#replace(driver);
    return true;
  }

  /** Whether the driver's file has been replaced, because a reader found it damaged or because it is gone. */
  hasLeft(driver: DiskDriver): boolean {
    this.#replaceIfGone();
    return this.#current?.driver !== driver;
  }

  /** True once for each user after the file was replaced: no log remains that could invalidate their copies of its entries. */
  takeReplacement(user: string): boolean {
    if (this.#told === undefined || this.#told.has(user)) return false;
    this.#told.add(user);
    return true;
  }

  /** Counts of the file as it is; zeros if they cannot be read. */
  count(): { readonly entries: number; readonly bytes: number } {
    if (this.#current === undefined) return { entries: 0, bytes: 0 };
    const { driver } = this.#current;
    try {
      return { entries: DiskCounters.load(driver.trees).entries, bytes: driver.usage().usedBytes };
    } catch {
      // Statistics must work even when something is wrong; the next read reports the error.
      return { entries: 0, bytes: 0 };
    }
  }

  async sync(): Promise<void> {
    await this.#current?.driver.sync();
  }

  /** Refuses further use; writes accepted before `settle` resolves still reach the file. */
  async close(settle: () => Promise<void>): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const current = this.#current ?? (await this.#opening?.catch(() => undefined));
    await settle();
    this.#current = undefined;
    await current?.driver.close();
  }

  /** Whoever deletes the file, or sets it aside, does not stop the processes that have it open. */
  #replaceIfGone(): void {
    const { driver } = this.#current ?? {};
    if (driver?.isInPlace() === false) this.#replace(driver);
  }

  #replace(driver: DiskDriver): void {
    this.#current = undefined;
    this.#told = new Set();
    this.#opening = driver.condemn().then(() => this.#open());
    this.open().catch(() => {
      // The next use tries again.
    });
  }

  async #open(): Promise<OpenFile> {
    const { path, clock, maxBytes, openDriver, touched, evicted, ownerTag } = this.#options;
    const driver = await openDriver(path, clock, maxBytes);
    const { trees } = driver;
    const now = (): number => clock.now();
    const rows = new DiskRows(trees);
    const clears = new DiskClears(trees.meta);
    const changes = new DiskChanges(trees.changes, maxBytes);
    const leases = new DiskLeases(trees.leases, now);
    const writer = new DiskWriter({
      trees,
      rows,
      clears,
      changes,
      leases,
      usage: () => driver.usage(),
      maxBytes,
      now,
      touched,
      evicted,
      ownerTag,
    });
    return { driver, rows, clears, changes, leases, writer };
  }
}

export function storeFailure(what: 'read' | 'write', cause: unknown): CacheError {
  const hint = what === 'write' ? 'See the cause. Most often the disk is full.' : 'See the cause.';
  return new CacheError('CACHE_STORE_FAILED', `The disk store could not ${what}`, {
    hint,
    retryable: true,
    cause,
  });
}

function closed(): CacheError {
  return new CacheError('CACHE_CLOSED', 'The cache is closed', { hint: 'Create another.', retryable: false });
}
