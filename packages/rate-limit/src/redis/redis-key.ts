import { hash } from 'node:crypto';

const MAX_PLAIN_LENGTH = 200;

/**
 * The name under which a key is kept. The braces are a hash tag, so that everything of one key lies in one slot of a cluster and
 * different keys spread over its nodes; those of the key itself are escaped. What is long or no sound text is hashed.
 */
export function redisKey(prefix: string, key: string): string {
  const isPlain = key.length <= MAX_PLAIN_LENGTH && key.isWellFormed();
  // UTF-16 keeps apart what UTF-8 merges: lone surrogates. The escaped text has no `#`.
  const name = isPlain ? encodeURIComponent(key) : `#${hash('sha256', Buffer.from(key, 'utf16le'), 'hex')}`;
  return `${prefix}:{${name}}`;
}
