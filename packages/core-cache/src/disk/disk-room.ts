import type { EvictedKeys } from '../evicted-keys.js';
import { Ghosts } from '../ghosts.js';
import { keyHash } from '../key-hash.js';
import type { DiskCounters } from './disk-counters.js';
import type { DiskUsage } from './disk-driver.js';
import type { DiskRows, Found } from './disk-rows.js';
import { physicalKey } from './physical-key.js';
import { MAIN, type Segment, SMALL } from './queue-place.js';
import { transactionBytes } from './transaction-bytes.js';

const SMALL_SHARE = 0.1;
const CANDIDATES = 32;
/** Evicting an entry changes two pages, other than those that new entries are written to. */
const EVICTION_BYTES = 2 * 4096;
/**
 * Share of the bound that is kept free, for what a transaction writes before it evicts and for recently freed pages: a file that must
 * survive a crash in mid-transaction can reuse them only two transactions later.
 */
const SLACK = 1 / 16;
/** A file that has outgrown its bound does not shrink; keeping more of it free stops it from growing further. */
const SLACK_PER_EXCESS = 2;
const MOST_SLACK = 0.35;
/** Pages are counted each time the estimate has grown by this share of the bound, not in every transaction. */
const COUNT_EVERY = 1 / 128;
/** Most to evict at a time beyond what came in: a page of small entries is freed only with its last entry. */
const MAX_STEP = 4 * COUNT_EVERY;
/** When the disk fills up before the bound is reached: how far to lower the bound, and how slowly to raise it again. */
const STEP_BACK = 0.9;
const STEP_FORWARD = 1.05;
const TRANSACTIONS_PER_STEP = 1000;
const GHOSTS = 20_000;
/** Most entries spared in one transaction because their owners hold less than their share. */
const MAX_SPARED = 256;
/** Consecutive transactions that only spared entries; after that nobody is spared. Only wrong counts lead here. */
const MAX_FUTILE = 3;
const NO_GOAL: number = Number.POSITIVE_INFINITY;

export interface DiskRoomOptions {
  readonly rows: DiskRows;
  readonly usage: () => DiskUsage;
  readonly maxBytes: number;
  readonly now: () => number;
  /** Physical keys read lately; the policy removes each key when it reaches the entry. */
  readonly touched: Set<string>;
  /** Receives the hashes of evicted keys. */
  readonly evicted: EvictedKeys;
}

export interface RoomMade {
  readonly evictions: number;
  /** How many of them were not used since they were written. */
  readonly unread: number;
  /** More must be evicted, in another transaction. */
  readonly isOverfull: boolean;
}

/** The outcome for an entry that was considered for eviction. */
type Fate = 'evicted' | 'kept' | 'spared';

/** Keeps the file within its bound, by S3-FIFO on disk: see `memory/s3-fifo.ts` for the policy. */
export class DiskRoom {
  readonly #options: DiskRoomOptions;
  readonly #maxEvictions: number;
  readonly #ghosts: Ghosts = new Ghosts();
  /** At most `maxBytes`; lower after the disk was found to be full. */
  #bound: number;
  #sinceStep = 0;
  /** Estimated bytes at which the pages are counted again. */
  #countAt = 0;
  /** Estimated bytes at which the current eviction stops. */
  #goal: number = NO_GOAL;
  /** Consecutive transactions that evicted nothing but spared entries. */
  #futile = 0;

  constructor(options: DiskRoomOptions) {
    this.#options = options;
    this.#bound = options.maxBytes;
    this.#maxEvictions = Math.ceil(transactionBytes(options.maxBytes) / EVICTION_BYTES);
  }

  /** Whether the entry was evicted lately; asking forgets it. */
  isReturning(namespace: string, key: string): boolean {
    return !this.#ghosts.isEmpty && this.#ghosts.take(keyHash(namespace, key), GHOSTS);
  }

  makeRoom(counters: DiskCounters): RoomMade {
    this.#stepForward();
    if (this.#goal === NO_GOAL && counters.bytes >= this.#countAt) this.#count(counters);
    return this.#evict(counters);
  }

  /** After a failed write: evicts entries, so that the next writes find free pages within the file as it is. */
  stepBack(counters: DiskCounters): RoomMade {
    const { usedBytes } = this.#options.usage();
    this.#bound = Math.min(this.#bound, usedBytes) * STEP_BACK;
    this.#sinceStep = 0;
    this.#countAt = 0;
    this.#goal = counters.bytes * STEP_BACK;
    return this.#evict(counters);
  }

  /** Entry sizes are estimates; this corrects them against the pages actually in use. */
  #count(counters: DiskCounters): void {
    const { usedBytes, fileBytes } = this.#options.usage();
    const gap = this.#bound * COUNT_EVERY;
    const over = usedBytes - this.#bound * (1 - this.#slack(fileBytes));
    if (over < 0) {
      this.#countAt = counters.bytes + Math.max(gap, -over / 2);
    } else {
      const step = this.#bound * MAX_STEP + counters.bytes - this.#countAt;
      this.#goal = counters.bytes - Math.min(over, step) - gap;
      this.#countAt = this.#goal + gap;
    }
  }

  #slack(fileBytes: number): number {
    const excess = Math.max(0, fileBytes / this.#options.maxBytes - 1);
    return Math.max(SLACK, Math.min(SLACK + SLACK_PER_EXCESS * excess, MOST_SLACK - excess));
  }

  #stepForward(): void {
    if (this.#bound >= this.#options.maxBytes) return;
    this.#sinceStep += 1;
    if (this.#sinceStep < TRANSACTIONS_PER_STEP) return;
    this.#sinceStep = 0;
    this.#bound = Math.min(this.#options.maxBytes, this.#bound * STEP_FORWARD);
  }

  #evict(counters: DiskCounters): RoomMade {
    const goal = this.#goal;
    let evictions = 0;
    let unread = 0;
    let spared = 0;
    let passedOver: Segment | undefined;
    while (counters.bytes > goal && evictions < this.#maxEvictions && spared < MAX_SPARED) {
      // If every entry at the front was spared, owners above their share may be at the front of the other queue.
      const segment = otherThan(passedOver, counters) ?? this.#nextSegment(counters);
      const before = evictions;
      const sparedBefore = spared;
      const candidates = this.#options.rows.oldest(segment, CANDIDATES);
      if (candidates.length === 0) {
        counters.reset(segment);
        if (counters.entries === 0) break;
      }
      for (const found of candidates) {
        if (counters.bytes <= goal || evictions >= this.#maxEvictions) break;
        const fate = this.#evictOrKeep(found, counters);
        if (fate === 'evicted') {
          evictions += 1;
          if (segment === SMALL) unread += 1;
        } else if (fate === 'spared') spared += 1;
      }
      passedOver = evictions === before && spared > sparedBefore ? segment : undefined;
    }
    this.#futile = evictions === 0 && spared > 0 ? this.#futile + 1 : 0;
    const isOverfull = counters.entries > 0 && counters.bytes > goal;
    if (!isOverfull) this.#goal = NO_GOAL;
    return { evictions, unread, isOverfull };
  }

  #nextSegment(counters: DiskCounters): Segment {
    if (counters.entriesOf(MAIN) === 0) return SMALL;
    return counters.bytesOf(SMALL) > counters.bytes * SMALL_SHARE ? SMALL : MAIN;
  }

  #evictOrKeep({ place, entry }: Found, counters: DiskCounters): Fate {
    const { rows, touched, now } = this.#options;
    if (entry === undefined) {
      rows.drop(place);
      return 'kept';
    }
    const physical = physicalKey(entry.namespace, entry.key);
    const isAlive = entry.retainUntil > now();
    if (isAlive && touched.delete(physical)) {
      rows.keep(entry, counters);
      return 'kept';
    }
    if (isAlive && this.#futile < MAX_FUTILE && counters.owners?.hasNoMoreThanPart(entry.tags) === true) {
      rows.keep(entry, counters);
      return 'spared';
    }
    rows.remove(entry, counters);
    const hash = keyHash(entry.namespace, entry.key);
    if (isAlive) this.#options.evicted.add(hash);
    if (place.segment === SMALL) this.#ghosts.add(hash, GHOSTS);
    return 'evicted';
  }
}

/** The queue other than the one passed over, unless it is empty. */
function otherThan(passedOver: Segment | undefined, counters: DiskCounters): Segment | undefined {
  if (passedOver === undefined) return undefined;
  const other = passedOver === MAIN ? SMALL : MAIN;
  return counters.entriesOf(other) > 0 ? other : undefined;
}
