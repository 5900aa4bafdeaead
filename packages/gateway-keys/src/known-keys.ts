import { timingSafeEqual } from 'node:crypto';
import type { GatewayKey } from './gateway-key.js';
import type { StoredKey } from './key-store.js';

/** A usable key, and when it was last used. */
export interface KnownKey {
  readonly key: GatewayKey;
  readonly digest: Buffer;
  lastUsedAt: number | undefined;
  /** Whether it was used since `lastUsedAt` was last written. */
  isUsed: boolean;
}

/**
 * All keys, in memory; those that are not revoked are found by the first 48 bits of their digest. This search is not constant-time, which
 * does no harm: whoever learns from its timing that some digest begins like theirs would still need the key to a given digest, and SHA-256
 * does not give it away. The whole digest is then compared in constant time.
 *
 * As all keys are here, a wrong one is recognized without asking the store: guesses cost nothing and are not kept.
 */
export class KnownKeys {
  readonly #byDigest = new Map<number, KnownKey[]>();
  readonly #byId = new Map<string, KnownKey>();
  /** Includes revoked keys: a store that has lost them must not accept them again. */
  readonly #all = new Map<string, StoredKey>();

  find(digest: Buffer): KnownKey | undefined {
    const candidates = this.#byDigest.get(digest.readUIntBE(0, 6));
    if (candidates === undefined) return undefined;
    for (const candidate of candidates) if (timingSafeEqual(candidate.digest, digest)) return candidate;
    return undefined;
  }

  /** Returns false if there was nothing new in it. A revoked key stays revoked. */
  take(stored: StoredKey): boolean {
    const { key, digest, lastUsedAt } = stored;
    const had = this.#all.get(key.id);
    if (had !== undefined && (had.key.revokedAt !== undefined || key.revokedAt === undefined)) return false;
    this.#all.set(key.id, stored);
    const before = this.#byId.get(key.id);
    const buffer = Buffer.from(digest);
    const place = buffer.readUIntBE(0, 6);
    const others = (this.#byDigest.get(place) ?? []).filter((other) => other !== before);
    this.#byId.delete(key.id);
    if (key.revokedAt === undefined) {
      const known = { key, digest: buffer, lastUsedAt, isUsed: false };
      others.push(known);
      this.#byId.set(key.id, known);
    }
    if (others.length === 0) this.#byDigest.delete(place);
    else this.#byDigest.set(place, others);
    return true;
  }

  /** A key that is not revoked, by its id. */
  get(id: string): KnownKey | undefined {
    return this.#byId.get(id);
  }

  /** Whether it is, or was, the id of a key. */
  has(id: string): boolean {
    return this.#all.has(id);
  }

  /** Keys that are not revoked; they may have expired. */
  values(): IterableIterator<KnownKey> {
    return this.#byId.values();
  }

  /** Keys and revocations that are known here but missing in `keys`. */
  missingIn(keys: readonly StoredKey[]): StoredKey[] {
    const there = new Map(keys.map(({ key }) => [key.id, key.revokedAt !== undefined]));
    return [...this.#all.values()].filter(({ key }) => {
      const isRevokedThere = there.get(key.id);
      return isRevokedThere === undefined || (!isRevokedThere && key.revokedAt !== undefined);
    });
  }
}
