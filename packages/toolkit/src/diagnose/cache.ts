import { tierPlace } from '../cache/tier-place.js';
import type { Toolkit } from '../toolkit.js';
import { type Diagnosis, ok, warning } from './diagnosis.js';

/** Checks every tier of the response cache. A failing tier costs hits, never an answer. */
export async function diagnoseCache(toolkit: Toolkit): Promise<Diagnosis[]> {
  const cache = await toolkit.cache();
  await cache.ready();
  return cache.stats().tiers.map(({ name, state, reason, entries, bytes, corrupt }) => {
    const part = `${name} cache`;
    if (state === 'unavailable') {
      const detail = `Off (${tierPlace(name, toolkit)}): ${reason ?? 'it could not be opened'}`;
      return warning(part, detail, remedy(name, reason));
    }
    const repaired = reason === undefined ? '' : ` ${reason}`;
    if (reason !== undefined && /damaged|set aside/i.test(reason))
      return warning(
        part,
        reason,
        'Nothing: a new one was started, and answers are requested again. The old file can be deleted.',
      );
    if (corrupt > 0) {
      return warning(
        part,
        `${corrupt} damaged entries were dropped.${repaired}`,
        'Nothing: they are requested again.',
      );
    }
    return ok(part, `${entries} entries, ${Math.ceil(bytes / 1024)} KiB.${repaired}`);
  });
}

function remedy(name: string, reason: string | undefined): string {
  // How the loader of LMDB's binary begins its message.
  if (reason?.includes('No native build'))
    return 'Install AI Toolkit again with its optional dependencies, which contain LMDB for this system.';
  const check =
    name === 'redis'
      ? 'Check that Redis runs and can be reached, and the URL, user and password in redis.url (REDIS_URL)'
      : 'Make its folder writable and free some disk space';
  return `${check}; it will be used again automatically.`;
}
