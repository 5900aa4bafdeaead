import { hash } from 'node:crypto';

/** LMDB takes keys up to 1,978 bytes; this many UTF-16 units always fit. */
const MAX_PLAIN_LENGTH = 640;

/**
 * Namespace and key as one string. The length in front keeps any two pairs apart, and the namespace's entries
 * side by side. Long keys are hashed; `#` instead of `:` keeps a hash from meeting a plain key of the same text.
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

function digest(text: string): string {
  // UTF-16 keeps apart what UTF-8 merges: lone surrogates.
  return hash('sha256', Buffer.from(text, 'utf16le'), 'hex');
}

/** The part of the key space that holds one namespace: start inclusive, end exclusive. */
export function physicalRange(namespace: string): { start: string; end: string } {
  const prefix = `${namespace.length}:${namespace}`;
  return { start: `${prefix}#`, end: `${prefix};` };
}

/** Whether the physical key tells the caller's key, and if so, which. */
export function logicalKey(namespace: string, physical: string): string | undefined {
  const prefix = `${namespace.length}:${namespace}:`;
  return physical.startsWith(prefix) ? physical.slice(prefix.length) : undefined;
}
