import type { StoreEntry } from '../store.js';
import type { FifoQueue } from './fifo-queue.js';
import type { MemorySpace } from './memory-space.js';

/** An entry in memory: the record itself, so that a hit hands it out without building anything. */
export class MemoryNode<V> implements StoreEntry<V> {
  readonly key: string;
  readonly space: MemorySpace<V>;
  readonly sequence: number;
  /** Sequence up to which no tag of this entry was cleared. */
  verified: number;
  readonly payload: V;
  readonly codec: string;
  readonly size: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly retainUntil: number;
  readonly negative: boolean;
  readonly tags: readonly string[];
  /** Hits since it entered its queue, saturating: the policy needs to tell none from some. */
  hits = 0;
  /** When the tiers below were last told that the entry is in use. */
  touchedAt: number = Number.NEGATIVE_INFINITY;
  queue: FifoQueue<V> | undefined = undefined;
  previous: MemoryNode<V> | undefined = undefined;
  next: MemoryNode<V> | undefined = undefined;

  constructor(space: MemorySpace<V>, key: string, entry: StoreEntry<V>, sequence: number) {
    this.key = key;
    this.space = space;
    this.sequence = sequence;
    this.payload = entry.payload;
    this.codec = entry.codec;
    this.size = entry.size;
    this.createdAt = entry.createdAt;
    this.expiresAt = entry.expiresAt;
    this.retainUntil = entry.retainUntil;
    this.negative = entry.negative;
    this.tags = entry.tags;
    this.verified = entry.tags.length === 0 ? Number.POSITIVE_INFINITY : sequence;
  }
}
