import { hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Lets scanners for leaked secrets, and people, recognize a key. */
const prefix = 'ait-';
const randomBytesCount = 32;
const length = prefix.length + Math.ceil((randomBytesCount * 4) / 3);

/** A new key: 256 random bits, 47 characters. */
export function createSecret(): string {
  return prefix + randomBytes(randomBytesCount).toString('base64url');
}

/** Whether a text has the form of a key at all. The form is public, so a quick answer reveals nothing. */
export function looksLikeSecret(text: unknown): text is string {
  return typeof text === 'string' && text.length === length && text.startsWith(prefix);
}

/**
 * What is stored of a key. SHA-256 is enough: a slow hash makes up for what a password lacks in randomness, but of 256 random bits nobody
 * can guess a part worth mentioning, however fast the hash.
 */
export function digestOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** A separate key for each purpose, derived from what is stored of a secret (HKDF, RFC 5869); it cannot be reversed. */
export function signingSecretOf(digest: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', digest, '', purpose, 32));
}

/** Whether two texts are equal, in a time that does not depend on where they differ. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(digestOf(a), digestOf(b));
}
