import type { StoreEntry } from './store.js';

export type Freshness = 'fresh' | 'stale' | 'expired';

/**
 * Judges an entry by its times. The wall clock may jump: an entry whose creation lies further in the future than its whole lifetime was
 * written under a wrong clock and is not trusted, so no jump makes an entry live more than twice as long as intended.
 */
export function freshness(entry: StoreEntry<unknown>, now: number): Freshness {
  const { createdAt, expiresAt, retainUntil } = entry;
  if (now < createdAt && createdAt - now > expiresAt - createdAt) return 'expired';
  if (now < expiresAt) return 'fresh';
  return now < retainUntil ? 'stale' : 'expired';
}
