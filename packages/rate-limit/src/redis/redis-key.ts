import { hash } from 'node:crypto';

const MAX_PLAIN_LENGTH = 200;

/**
 * The name under which a key is kept. The braces are a hash tag: everything of one key is in one slot of a cluster, and different keys
 * spread over its nodes. Braces in the key itself are escaped. Keys that are long or not well-formed are hashed.
 */
export function redisKey(prefix: string, key: string): string {
  const isPlain = key.length <= MAX_PLAIN_LENGTH && key.isWellFormed();
  // UTF-16 keeps lone surrogates apart, which UTF-8 merges. Escaped text contains no `#`.
  const name = isPlain ? encodeURIComponent(key) : `#${hash('sha256', Buffer.from(key, 'utf16le'), 'hex')}`;
  return `${prefix}:{${name}}`;
}
