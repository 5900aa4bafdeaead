import { hash } from 'node:crypto';

/** LMDB takes keys up to 1,978 bytes; this many UTF-16 units always fit. */
const MAX_PLAIN_LENGTH = 640;

/**
 * Namespace and key as one string. The leading length keeps any two pairs apart. Long keys are hashed; `#` instead of `:` keeps a hash from
 * colliding with a plain key of the same text.
 */
export function physicalKey(namespace: string, key: string): string {
  const plain = `${namespace.length}:${namespace}:${key}`;
  if (plain.length <= MAX_PLAIN_LENGTH) return plain;
  return `${namespace.length}:${namespace}#${digest(key)}`;
}

/** A key for the tree of clears: the name itself, or its hash if it is too long. */
export function fitKey(name: string): string {
  return name.length <= MAX_PLAIN_LENGTH ? name : `${name.slice(0, 64)}#${digest(name)}`;
}

/** SHA-256, in hexadecimal digits. */
export function digest(text: string): string {
  // UTF-16 keeps lone surrogates apart, which UTF-8 merges.
  return hash('sha256', text.isWellFormed() ? text : Buffer.from(text, 'utf16le'));
}
