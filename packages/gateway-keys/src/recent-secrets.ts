import { timingSafeEqual } from 'node:crypto';
import type { KnownKey } from './known-keys.js';

/** Characters by which a secret is looked up: the prefix, and 72 of its 256 bits. */
const nameLength = 16;
/** Most secrets remembered. Beyond that, all are forgotten together. */
const maxSecrets = 1000;

interface Recent {
  readonly bytes: Buffer;
  readonly known: KnownKey;
}

/**
 * Secrets recently found to be right, so that a client that sends many requests is not hashed for each. Only right ones are kept, so
 * guesses cannot fill it. They are looked up by their beginning: the timing of that reveals at most those 72 bits, and the other 184 are
 * compared in constant time.
 */
export class RecentSecrets {
  readonly #byName = new Map<string, Recent>();
  /** A wrong secret of other characters may take up to three bytes for each. */
  readonly #presented = Buffer.alloc(256);

  find(secret: string): KnownKey | undefined {
    const recent = this.#byName.get(secret.slice(0, nameLength));
    if (recent === undefined) return undefined;
    const { bytes, known } = recent;
    const length = this.#presented.write(secret);
    if (length !== bytes.length) return undefined;
    return timingSafeEqual(this.#presented.subarray(0, length), bytes) ? known : undefined;
  }

  keep(secret: string, known: KnownKey): void {
    if (this.#byName.size >= maxSecrets) this.clear();
    this.#byName.set(secret.slice(0, nameLength), { bytes: Buffer.from(secret), known });
  }

  clear(): void {
    this.#byName.clear();
  }
}
