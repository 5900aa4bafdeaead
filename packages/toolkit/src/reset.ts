import { rm } from 'node:fs/promises';
import { clearAnswers } from './cache/clear-answers.js';
import { resetConfigFile } from './config/edit/config-file.js';
import { validateSources } from './config/load.js';
import type { Paths } from './config/paths.js';
import { createToolkit } from './create-toolkit.js';

/** Result of a reset. */
export interface ResetReport {
  /** Files and folders that were removed, or did not exist. */
  readonly removed: readonly string[];
  readonly cache: 'cleared' | 'unavailable';
}

/**
 * Resets configuration, caches and templates. Projects, conversations, keys and the ledger stay. The cache is cleared
 * rather than removed, since running servers have it open.
 */
export async function resetAll(paths: Paths): Promise<ResetReport> {
  const cleared = await clearCache(paths);
  await rm(paths.templates, { recursive: true, force: true });
  await resetConfigFile(paths.configFile);
  return { removed: [paths.configFile, paths.templates], cache: cleared ? 'cleared' : 'unavailable' };
}

async function clearCache(paths: Paths): Promise<boolean> {
  // Uses the defaults, so that no shared cache is touched.
  await using toolkit = createToolkit({ config: validateSources([]), paths }, { isBrief: true });
  const cache = await toolkit.cache();
  await cache.ready();
  await clearAnswers(cache);
  return cache.stats().tiers.every(({ state }) => state !== 'unavailable');
}
