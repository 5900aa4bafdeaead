import { rm } from 'node:fs/promises';
import { resetConfigFile } from './config/edit/config-file.js';
import { validateSources } from './config/load.js';
import type { Paths } from './config/paths.js';
import { createToolkit } from './create-toolkit.js';

/** What a reset has put back. */
export interface ResetReport {
  /** Files and folders that are gone, or were not there. */
  readonly removed: readonly string[];
  readonly cache: 'cleared' | 'unavailable';
}

/**
 * Puts configuration, caches and templates back to defaults. Projects, conversations, keys and the ledger stay. The cache is cleared,
 * not removed: servers that are running have it open.
 */
export async function resetAll(paths: Paths): Promise<ResetReport> {
  const cleared = await clearCache(paths);
  await rm(paths.templates, { recursive: true, force: true });
  await resetConfigFile(paths.configFile);
  return { removed: [paths.configFile, paths.templates], cache: cleared ? 'cleared' : 'unavailable' };
}

async function clearCache(paths: Paths): Promise<boolean> {
  // With the defaults, which name no cache that others share.
  await using toolkit = createToolkit({ config: validateSources([]), paths }, { isBrief: true });
  const cache = await toolkit.cache();
  await cache.ready();
  await cache.clear();
  await cache.withNamespace(`${cache.namespace}:semantic`).clear();
  return cache.stats().tiers.every(({ state }) => state !== 'unavailable');
}
