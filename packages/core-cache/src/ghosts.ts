/** Places in a bucket. At two numbers each, a bucket is half a cache line. */
const WAYS = 4;
const BUCKET: number = 2 * WAYS;
const LEAST_BUCKETS = 16;
/** Places per key to remember. With fewer, more keys would push one another out. */
const PLACES_PER_KEY = 2;

/**
 * Hashes (`keyHash`) of keys evicted lately; the oldest is forgotten first. A table of hashes and moments, as the authors of S3-FIFO do it,
 * since the keys themselves would be as many objects as there are entries. One in thirty may be forgotten too early, when five share a
 * bucket; another key is almost never mistaken for one of them.
 */
export class Ghosts {
  /** Pairs of a hash, or 0, and the moment when it was added. */
  #table: Int32Array = new Int32Array(0);
  /** The number of buckets, which is a power of two, minus one. */
  #mask = 0;
  /** Keys added so far, modulo 2^32. */
  #moment = 0;

  get isEmpty(): boolean {
    return this.#table.length === 0;
  }

  /** `most`: how many keys to remember, including this one. */
  add(hash: number, most: number): void {
    if (this.#table.length < most * PLACES_PER_KEY * 2 || this.isEmpty) this.#grow(most);
    this.#moment = (this.#moment + 1) | 0;
    this.#put(hash, this.#moment);
  }

  /** Whether the key is one of the last `most`; asking forgets it. */
  take(hash: number, most: number): boolean {
    const first = this.#bucketOf(hash);
    for (let place = first; place < first + BUCKET; place += 2) {
      if (this.#table[place] !== hash) continue;
      this.#table[place] = 0;
      return this.#ageOf(place) < most;
    }
    return false;
  }

  /** Writes to the place that already holds the hash, else to a free one, else over the oldest. */
  #put(hash: number, moment: number): void {
    const first = this.#bucketOf(hash);
    let chosen = first;
    for (let place = first; place < first + BUCKET; place += 2) {
      if (this.#table[place] === hash) {
        chosen = place;
        break;
      }
      if (this.#table[chosen] !== 0 && (this.#table[place] === 0 || this.#ageOf(place) > this.#ageOf(chosen)))
        chosen = place;
    }
    this.#table[chosen] = hash;
    this.#table[chosen + 1] = moment;
  }

  #grow(most: number): void {
    const before = this.#table;
    let buckets = LEAST_BUCKETS;
    while (buckets * WAYS < most * PLACES_PER_KEY) buckets *= 2;
    this.#table = new Int32Array(buckets * BUCKET);
    this.#mask = buckets - 1;
    for (let place = 0; place < before.length; place += 2) {
      const [hash = 0, moment = 0] = before.subarray(place, place + 2);
      if (hash !== 0) this.#put(hash, moment);
    }
  }

  #bucketOf(hash: number): number {
    return (hash & this.#mask) * BUCKET;
  }

  /** Number of keys added after this one. */
  #ageOf(place: number): number {
    return (this.#moment - (this.#table[place + 1] ?? 0)) >>> 0;
  }
}
