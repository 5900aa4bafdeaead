import type { SetOptions } from './cache.js';
import type { ResolvedOptions } from './cache-options.js';
import { sizeOf } from './codec.js';
import { EncodedEntry } from './encoded-entry.js';
import type { StoreEntry } from './store.js';

/** A value ready for the tiers: by reference for memory, as bytes for the rest. */
export interface MadeEntry<V> {
  readonly memory: StoreEntry<V>;
  /** Undefined when no tier wants bytes. */
  readonly bytes: StoreEntry<Uint8Array> | undefined;
}

const NO_TAGS: readonly string[] = Object.freeze([]);
const NOTHING: readonly Uint8Array[] = Object.freeze([new Uint8Array()]);

/** Turns values into entries, with their times and their bytes. */
export class EntryMaker<V> {
  readonly #options: ResolvedOptions<V>;

  constructor(options: ResolvedOptions<V>) {
    this.#options = options;
  }

  /** Throws a `TypeError` when the codec cannot encode the value. */
  make(value: V, ttlMs: number, options: Omit<SetOptions, 'ttlMs'>, withBytes: boolean): MadeEntry<V> {
    const { codec } = this.#options;
    const common = {
      codec: codec.name,
      negative: false,
      ...this.#times(ttlMs, options),
      tags: tagsOf(options),
    };
    const memory = { payload: value, size: sizeOf(codec, value), ...common };
    if (!withBytes) return { memory, bytes: undefined };
    return { memory, bytes: new EncodedEntry(this.#encode(value), common) };
  }

  /** Makes the entry that records that there is no value. */
  makeNegative(nothing: V, ttlMs: number, options: Omit<SetOptions, 'ttlMs'>): MadeEntry<V> {
    const times = this.#times(ttlMs, { ...options, staleIfErrorMs: 0, staleWhileRevalidateMs: 0 });
    const common = {
      codec: this.#options.codec.name,
      negative: true,
      ...times,
      tags: tagsOf(options),
    };
    return { memory: { payload: nothing, size: 0, ...common }, bytes: new EncodedEntry(NOTHING, common) };
  }

  #times(
    ttlMs: number,
    options: Omit<SetOptions, 'ttlMs'>,
  ): { createdAt: number; expiresAt: number; retainUntil: number } {
    const { clock, random, ttlJitter, staleWhileRevalidateMs, staleIfErrorMs } = this.#options;
    const createdAt = clock.now();
    // Jitter only shortens: the requested lifetime stays the upper bound.
    const jittered =
      ttlJitter === 0 || ttlMs === Number.POSITIVE_INFINITY ? ttlMs : ttlMs * (1 - ttlJitter * random());
    const expiresAt = createdAt + jittered;
    const revalidate = options.staleWhileRevalidateMs ?? staleWhileRevalidateMs;
    const ifError = options.staleIfErrorMs ?? staleIfErrorMs;
    return { createdAt, expiresAt, retainUntil: expiresAt + Math.max(revalidate, ifError) };
  }

  #encode(value: V): readonly Uint8Array[] {
    const { codec } = this.#options;
    try {
      const encoded = codec.encode(value);
      return encoded instanceof Uint8Array ? [encoded] : encoded;
    } catch (error) {
      throw new TypeError(`value cannot be encoded by the codec "${codec.name}"`, { cause: error });
    }
  }
}

function tagsOf(options: Omit<SetOptions, 'ttlMs'>): readonly string[] {
  return options.tags === undefined || options.tags.length === 0 ? NO_TAGS : [...options.tags];
}
