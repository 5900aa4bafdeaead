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
/** What is given up touches other pages than what comes in: these two of each entry's. */
const EVICTION_BYTES = 2 * 4096;
/**
 * Room for what a transaction writes before it gives up anything, and for pages that were freed lately: a file that must survive
 * a crash in the middle of a transaction uses them again two transactions later.
 */
const SLACK = 1 / 16;
/** A file that has grown beyond its bound all the same does not shrink: what is free in it then keeps it from growing further. */
const SLACK_PER_EXCESS = 2;
const MOST_SLACK = 0.35;
/** Pages are counted once in so much of the bound, not with every transaction. */
const COUNT_EVERY = 1 / 128;
/** So much more than came in is given up at a time: pages of small entries are free only when the last of them goes. */
const MAX_STEP = 4 * COUNT_EVERY;
/** Where a disk is fuller than the bound foresaw: how far to step back, and how slowly to come forward again. */
const STEP_BACK = 0.9;
const STEP_FORWARD = 1.05;
const TRANSACTIONS_PER_STEP = 1000;
const GHOSTS = 20_000;
/** Entries of owners with less than their part that are passed over in one transaction. */
const MAX_SPARED = 256;
/** Transactions in a row that only passed over: then nobody is spared. It takes counts that are wrong to come here. */
const MAX_FUTILE = 3;
const NO_GOAL: number = Number.POSITIVE_INFINITY;

export interface DiskRoomOptions {
  readonly rows: DiskRows;
  readonly usage: () => DiskUsage;
  readonly maxBytes: number;
  readonly now: () => number;
  /** Physical keys read since the last look; the policy takes them out as it meets them. */
  readonly touched: Set<string>;
  /** Told of what was given up. */
  readonly evicted: EvictedKeys;
}

export interface RoomMade {
  readonly evictions: number;
  /** Of these, those that were not used since they came. */
  readonly unread: number;
  /** Another transaction should go on. */
  readonly isOverfull: boolean;
}

/** What became of an entry whose turn it was. */
type Fate = 'evicted' | 'kept' | 'spared';

/** Keeps the file within its bound, by S3-FIFO on disk: see `memory/s3-fifo.ts` for the policy. */
export class DiskRoom {
  readonly #options: DiskRoomOptions;
  readonly #maxEvictions: number;
  readonly #ghosts: Ghosts = new Ghosts();
  /** At most `maxBytes`; less after the disk was found to be full. */
  #bound: number;
  #sinceStep = 0;
  /** Estimated bytes from which on the pages are counted again. */
  #countAt = 0;
  /** Estimated bytes down to which entries are being given up. */
  #goal: number = NO_GOAL;
  /** Transactions in a row that gave up nothing. */
  #futile = 0;

  constructor(options: DiskRoomOptions) {
    this.#options = options;
    this.#bound = options.maxBytes;
    this.#maxEvictions = Math.ceil(transactionBytes(options.maxBytes) / EVICTION_BYTES);
  }

  /** Whether the entry was given up lately; asking forgets it. */
  isReturning(namespace: string, key: string): boolean {
    return !this.#ghosts.isEmpty && this.#ghosts.take(keyHash(namespace, key), GHOSTS);
  }

  makeRoom(counters: DiskCounters): RoomMade {
    this.#stepForward();
    if (this.#goal === NO_GOAL && counters.bytes >= this.#countAt) this.#count(counters);
    return this.#evict(counters);
  }

  /** After a write that failed: gives up entries, so that the next ones find free pages within the file as it is. */
  stepBack(counters: DiskCounters): RoomMade {
    const { usedBytes } = this.#options.usage();
    this.#bound = Math.min(this.#bound, usedBytes) * STEP_BACK;
    this.#sinceStep = 0;
    this.#countAt = 0;
    this.#goal = counters.bytes * STEP_BACK;
    return this.#evict(counters);
  }

  /** Entries count as estimated; this sets the estimate right against the pages that are really used. */
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
      // Where all are spared that come first, those who hold too much may stand first in the other queue.
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

/** The queue beside the one that was passed over, when there is anything in it. */
function otherThan(passedOver: Segment | undefined, counters: DiskCounters): Segment | undefined {
  if (passedOver === undefined) return undefined;
  const other = passedOver === MAIN ? SMALL : MAIN;
  return counters.entriesOf(other) > 0 ? other : undefined;
}
