import { timingSafeEqual } from 'node:crypto';
import type { GatewayKey } from './gateway-key.js';
import type { StoredKey } from './key-file.js';

/** A key that may be used, with when it was. */
export interface KnownKey {
  readonly key: GatewayKey;
  readonly digest: Buffer;
  lastUsedAt: number | undefined;
  /** It was used since `lastUsedAt` was last written. */
  isUsed: boolean;
}

/**
 * All keys that are not revoked, in memory, found by the first 48 bits of their digest. That the search itself is no secret does no
 * harm: who learns by its time that some digest begins like theirs would need the key to a given digest, which is what SHA-256
 * withholds. The whole digest is then compared in constant time.
 *
 * As all keys are here, a wrong one is known to be wrong without a look at the file: guesses cost nothing and are not kept.
 */
export class KnownKeys {
  readonly #byDigest = new Map<number, KnownKey[]>();
  readonly #byId = new Map<string, KnownKey>();
  /** Of the last change that is in here. */
  revision = 0;

  find(digest: Buffer): KnownKey | undefined {
    const candidates = this.#byDigest.get(digest.readUIntBE(0, 6));
    if (candidates === undefined) return undefined;
    for (const candidate of candidates) if (timingSafeEqual(candidate.digest, digest)) return candidate;
    return undefined;
  }

  take({ key, digest, revision, lastUsedAt }: StoredKey): void {
    this.revision = Math.max(this.revision, revision);
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
  }

  values(): IterableIterator<KnownKey> {
    return this.#byId.values();
  }
}
