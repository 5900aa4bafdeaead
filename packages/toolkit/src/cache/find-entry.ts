import { AiError, type Entry } from '@ai-toolkit/ai-client';
import type { Cache } from '@ai-toolkit/core-cache';

/** Length of a full key: a SHA-256 in hex. */
const keyLength = 64;

/** Completes a key prefix. Fails with `AI_NOT_CACHED` if no key matches, and with a `RangeError` if several do. */
export async function findKey(cache: Cache<Entry>, typed: string): Promise<string> {
  if (typed.length >= keyLength) return typed;
  const matches: string[] = [];
  for await (const { key } of cache.entries({ includeStale: true })) {
    if (key.startsWith(typed)) matches.push(key);
  }
  const [match] = matches;
  if (match === undefined) throw notStored(typed);
  if (matches.length > 1)
    throw new RangeError(`${matches.length} keys begin with ${JSON.stringify(typed)}: type more of it.`);
  return match;
}

export function notStored(key: string): AiError {
  return new AiError('AI_NOT_CACHED', `No stored answer has the key ${key.slice(0, 80)}.`, {
    hint: 'See the keys: ai-toolkit cache list',
  });
}
