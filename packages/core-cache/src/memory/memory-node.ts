import { keyHash } from '../key-hash.js';
import { NOBODY } from '../owner-of.js';
import type { StoreEntry } from '../store.js';
import type { FifoQueue } from './fifo-queue.js';
import type { MemorySpace } from './memory-space.js';

/** Above any sequence that a process comes to; not `Infinity`, which would make a box of the field. */
const NOTHING_TO_CLEAR: number = 2 ** 31 - 1;

/**
 * An entry in memory: the record itself, so that a hit hands it out without building anything. What every hit reads comes first and is
 * no larger than a cache line, as small whole numbers, which V8 keeps in place: times are boxed, and each box would be one more miss.
 */
export class MemoryNode<V> implements StoreEntry<V> {
  readonly payload: V;
  /** Moment up to which the entry is fresh and nobody need be told that it is in use; see `moments.ts`. */
  settledUntil = 0;
  /** Sequence up to which no tag of this entry was cleared. */
  verified: number;
  /** Hits since it entered its queue, saturating: the policy needs to tell none from some. */
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
  /** Whose it is; see `owner-of.ts`. */
  readonly owner: string;
  /** When the tiers below were last told that the entry is in use. */
  touchedAt: number = Number.NEGATIVE_INFINITY;
  /** It was used, or came back: it has been in the main queue. */
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

  /** What ghosts know it by; made when it is first asked for. */
  hash(): number {
    if (this.#hash === 0) this.#hash = keyHash(this.space.namespace, this.key);
    return this.#hash;
  }
}
