import { keyHash } from '../key-hash.js';
import { NOBODY } from '../owner-of.js';
import type { StoreEntry } from '../store.js';
import type { FifoQueue } from './fifo-queue.js';
import type { MemorySpace } from './memory-space.js';

/** Greater than any sequence that a process reaches; not `Infinity`, which would turn the field into a boxed number. */
const NOTHING_TO_CLEAR: number = 2 ** 31 - 1;

/**
 * An entry in memory, handed out as it is on a hit, so nothing has to be built. The fields that every hit reads come first, take no more
 * than a cache line and are small integers, which V8 stores in place; times are boxed, and each box would cost another cache miss.
 */
export class MemoryNode<V> implements StoreEntry<V> {
  readonly payload: V;
  /** Moment up to which the entry is fresh and the tiers below need not be told that it is in use; see `moments.ts`. */
  settledUntil = 0;
  /** Sequence up to which no tag of this entry was cleared. */
  verified: number;
  /** Hits since it entered its queue, saturating: the policy only distinguishes a few. */
  hits = 0;
  readonly negative: boolean;
  readonly key: string;
  readonly space: MemorySpace<V>;
  readonly sequence: number;
  readonly codec: string;
  readonly size: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly retainUntil: number;
  readonly tags: readonly string[];
  /** Owner of the entry; see `owner-of.ts`. */
  readonly owner: string;
  /** When the tiers below were last told that the entry is in use. */
  touchedAt: number = Number.NEGATIVE_INFINITY;
  /** It has been in the main queue, because it was used or came back soon after its eviction. */
  wasKept = false;
  queue: FifoQueue<V> | undefined = undefined;
  previous: MemoryNode<V> | undefined = undefined;
  next: MemoryNode<V> | undefined = undefined;
  #hash = 0;

  constructor(
    space: MemorySpace<V>,
    key: string,
    entry: StoreEntry<V>,
    sequence: number,
    owner: string = NOBODY,
  ) {
    this.payload = entry.payload;
    this.verified = entry.tags.length === 0 ? NOTHING_TO_CLEAR : sequence;
    this.negative = entry.negative;
    this.key = key;
    this.space = space;
    this.sequence = sequence;
    this.codec = entry.codec;
    this.size = entry.size;
    this.createdAt = entry.createdAt;
    this.expiresAt = entry.expiresAt;
    this.retainUntil = entry.retainUntil;
    this.tags = entry.tags;
    this.owner = owner;
  }

  /** The hash by which ghosts know it; computed on first use. */
  hash(): number {
    if (this.#hash === 0) this.#hash = keyHash(this.space.namespace, this.key);
    return this.#hash;
  }
}
