import type { Claim, ClaimOptions } from './cache.js';
import type { CacheCore } from './cache-core.js';
import type { Lookup } from './cache-types.js';
import { LoadTurn } from './load-turn.js';
import { lookupOf } from './lookup-of.js';
import type { Searcher } from './searcher.js';

/** Waits for the right to produce a value; see `Cache.claim`. */
export async function claim<V>(
  core: CacheCore<V>,
  searcher: Searcher<V>,
  namespace: string,
  key: string,
  { waitMs, signal }: ClaimOptions,
): Promise<Claim<V>> {
  const turn = LoadTurn.of(core, namespace, key);

  async function look(): Promise<Lookup<V> | undefined> {
    const found = lookupOf(await searcher.searchAgain(key), core.options.clock.now());
    if (found.status !== 'hit' && found.status !== 'negative') return undefined;
    core.coalesced += 1;
    return found;
  }

  const found = await turn?.await(look, signal, waitMs);
  let ended: Promise<void> | undefined;
  const end = (): Promise<void> => {
    ended ??= found === undefined && turn !== undefined ? turn.end() : Promise.resolve();
    return ended;
  };
  return { ...(found && { found }), end, [Symbol.asyncDispose]: end };
}
