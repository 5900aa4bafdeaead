import { hash } from 'node:crypto';

/** LMDB takes keys up to 1,978 bytes; this many UTF-16 units always fit. */
const MAX_PLAIN_LENGTH = 640;

/**
 * Namespace and key as one string. The length in front keeps any two pairs apart. Long keys are hashed; `#` instead of `:` keeps a hash from
 * meeting a plain key of the same text.
 */
export function physicalKey(namespace: string, key: string): string {
  const plain = `${namespace.length}:${namespace}:${key}`;
  if (plain.length <= MAX_PLAIN_LENGTH) return plain;
  return `${namespace.length}:${namespace}#${digest(key)}`;
}

/** A name for the tree of clears: itself, or its hash where it is too long. */
export function fitKey(name: string): string {
  return name.length <= MAX_PLAIN_LENGTH ? name : `${name.slice(0, 64)}#${digest(name)}`;
}

/** SHA-256, in hexadecimal digits. */
export function digest(text: string): string {
  // UTF-16 keeps apart what UTF-8 merges: lone surrogates.
  return hash('sha256', text.isWellFormed() ? text : Buffer.from(text, 'utf16le'));
}
