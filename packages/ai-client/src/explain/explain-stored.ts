import type { Cache } from '@ai-toolkit/core-cache';
import type { Entry } from '../entry.js';
import { AiError } from '../errors.js';
import { compareEntries } from './compare-entry.js';
import { readFingerprint, shownIn } from './fingerprint-tree.js';
import { findNearest, type NearestSearch, read } from './nearest.js';
import { asObject, member } from './path.js';

/** Most entries to search if none of the likely ones is near. */
const maxEntries = 2000;

/**
 * Finds the fields in which the request of a stored answer differs from the nearest other one, which is why it missed, provided that the
 * other one was stored at the time. Fails with `AI_NOT_CACHED` if the answer is gone or has no fingerprint.
 */
export async function explainStored(
  cache: Cache<Entry>,
  key: string,
  likely: Iterable<string> = [],
): Promise<NearestSearch> {
  const entry = await read(cache, key);
  const print = readFingerprint(entry?.metadata.fingerprint);
  if (entry === undefined || print === undefined) throw notExplained(key);
  const model = shownIn(member(asObject(print.body), 'model'));
  const wanted = {
    key,
    model: typeof model === 'string' ? model : 'unknown',
    print,
    compare: (other: Entry) => compareEntries(entry, other),
  };
  return findNearest(cache, wanted, { maxEntries, likely: [...likely] });
}

function notExplained(key: string): AiError {
  return new AiError(
    'AI_NOT_CACHED',
    `No stored answer of the key ${key.slice(0, 12)} tells what was asked.`,
    {
      hint: 'Ask again, and look at the recent misses.',
      status: 404,
    },
  );
}
