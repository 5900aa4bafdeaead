import type { ExactSearch } from './exact-search.js';
import { type Neighbour, VectorRows } from './vector-rows.js';

/**
 * Vectors of answered questions, in separate buckets. Bounded: the least recently used is evicted first. Searches are exact. A graph index
 * such as HNSW is faster only from some ten thousand vectors per bucket on, and would have to be built for each of a thousand small ones.
 */
export class VectorIndex {
  private readonly maxEntries: number;
  private readonly search: ExactSearch;
  private readonly buckets: Map<string, VectorRows> = new Map();
  /** Bucket of each key, least recently used first. */
  private readonly bucketOf: Map<string, string> = new Map();

  constructor(maxEntries: number, search: ExactSearch) {
    this.maxEntries = maxEntries;
    this.search = search;
  }

  get size(): number {
    return this.bucketOf.size;
  }

  has(key: string): boolean {
    return this.bucketOf.has(key);
  }

  /** `vector` must be a unit vector. */
  set(bucket: string, key: string, vector: Float32Array): void {
    this.delete(key);
    const name = bucketName(bucket, vector);
    const rows = this.buckets.get(name) ?? new VectorRows(vector.length, this.search);
    rows.set(key, vector);
    this.buckets.set(name, rows);
    this.bucketOf.set(key, name);
    for (const oldest of this.bucketOf.keys()) {
      if (this.size <= this.maxEntries) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const name = this.bucketOf.get(key);
    if (name === undefined) return;
    this.bucketOf.delete(key);
    const rows = this.buckets.get(name);
    rows?.delete(key);
    if (rows?.size === 0) this.buckets.delete(name);
  }

  /** Marks an entry as recently used. */
  touch(key: string): void {
    const name = this.bucketOf.get(key);
    if (name === undefined) return;
    this.bucketOf.delete(key);
    this.bucketOf.set(key, name);
  }

  nearest(bucket: string, vector: Float32Array, count: number): Neighbour[] {
    return this.buckets.get(bucketName(bucket, vector))?.nearest(vector, count) ?? [];
  }
}

/** Vectors of different lengths are not comparable, so the length is part of the bucket. */
function bucketName(bucket: string, vector: Float32Array): string {
  return `${bucket}:${vector.length}`;
}
