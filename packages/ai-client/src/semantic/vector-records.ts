import type { Cache } from '@ai-toolkit/core-cache';
import type { Entry } from '../entry.js';
import type { VectorIndex } from './vector-index.js';

export interface VectorRecord {
  /** 32 bytes in hex. */
  readonly bucket: string;
  readonly vector: Float32Array;
}

const bucketBytes = 32;

/**
 * Stores vectors in the tiers of the cache, under the keys of their answers and with the same lifetimes, so that they outlive the process.
 * No text is stored: a question is represented only by a hash and its vector.
 */
export class VectorRecords {
  private readonly cache: Cache<Entry>;
  private readonly maxEntries: number;
  private loading: Promise<void> | undefined;

  constructor(cache: Cache<Entry>, maxEntries: number) {
    this.cache = cache.withNamespace(`${cache.namespace}:semantic`);
    this.maxEntries = maxEntries;
  }

  /** A failure loses only this record. */
  async keep(key: string, record: VectorRecord, tags: readonly string[], ttlMs?: number): Promise<void> {
    const entry: Entry = { bytes: encode(record), metadata: { shape: 'body', name: '', upstreamMs: 0 } };
    await this.cache.set(key, entry, { tags, ...(ttlMs === undefined ? {} : { ttlMs }) }).catch(() => {});
  }

  async forget(key: string): Promise<void> {
    await this.cache.delete(key).catch(() => false);
  }

  /** Loads what earlier processes stored, once. Resolves when that is done or has failed. */
  load(index: VectorIndex): Promise<void> {
    this.loading ??= this.read(index).catch(() => {});
    return this.loading;
  }

  private async read(index: VectorIndex): Promise<void> {
    for await (const { key } of this.cache.entries({ limit: this.maxEntries })) {
      const entry = index.has(key) ? undefined : await this.cache.get(key);
      const record = entry && decode(entry.bytes);
      if (record !== undefined && !index.has(key)) index.set(record.bucket, key, record.vector);
    }
  }
}

function encode({ bucket, vector }: VectorRecord): Uint8Array {
  return Buffer.concat([
    Buffer.from(bucket, 'hex'),
    Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength),
  ]);
}

/** A copy: a `Float32Array` needs alignment to four bytes, and must not keep a whole page of the cache alive. */
function decode(bytes: Uint8Array): VectorRecord | undefined {
  const values = Uint8Array.prototype.slice.call(bytes, bucketBytes);
  if (values.length === 0 || values.length % 4 !== 0) return undefined;
  const bucket = Buffer.from(bytes.buffer, bytes.byteOffset, bucketBytes).toString('hex');
  return { bucket, vector: new Float32Array(values.buffer) };
}
