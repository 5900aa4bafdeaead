import { timingSafeEqual } from 'node:crypto';
import type { GatewayKey } from './gateway-key.js';
import type { StoredKey } from './key-store.js';

/** A key that may be used, with when it was. */
export interface KnownKey {
  readonly key: GatewayKey;
  readonly digest: Buffer;
  lastUsedAt: number | undefined;
  /** It was used since `lastUsedAt` was last written. */
  isUsed: boolean;
}

/**
 * All keys, in memory; those that are not revoked are found by the first 48 bits of their digest. That the search itself is no
 * secret does no harm: who learns by its time that some digest begins like theirs would need the key to a given digest, which is what
 * SHA-256 withholds. The whole digest is then compared in constant time.
 *
 * As all keys are here, a wrong one is known to be wrong without a look at the store: guesses cost nothing and are not kept.
 */
export class KnownKeys {
  readonly #byDigest = new Map<number, KnownKey[]>();
  readonly #byId = new Map<string, KnownKey>();
  /** Revoked ones too: a store that has lost them must not take them for good again. */
  readonly #all = new Map<string, StoredKey>();

  find(digest: Buffer): KnownKey | undefined {
    const candidates = this.#byDigest.get(digest.readUIntBE(0, 6));
    if (candidates === undefined) return undefined;
    for (const candidate of candidates) if (timingSafeEqual(candidate.digest, digest)) return candidate;
    return undefined;
  }

  /** False when there was nothing new in it. A key that was revoked stays so. */
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

  /** One that is not revoked, by its id. */
  get(id: string): KnownKey | undefined {
    return this.#byId.get(id);
  }

  /** Whether it is, or was, a key. */
  has(id: string): boolean {
    return this.#all.has(id);
  }

  /** Those that may be used, as far as they have not expired. */
  values(): IterableIterator<KnownKey> {
    return this.#byId.values();
  }

  /** What is known here, and not among these: keys that are missing, and revocations. */
  missingIn(keys: readonly StoredKey[]): StoredKey[] {
    const there = new Map(keys.map(({ key }) => [key.id, key.revokedAt !== undefined]));
    return [...this.#all.values()].filter(({ key }) => {
      const isRevokedThere = there.get(key.id);
      return isRevokedThere === undefined || (!isRevokedThere && key.revokedAt !== undefined);
    });
  }
}
