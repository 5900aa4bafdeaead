import { maskSecret } from '../config/edit/mask.js';
import type { Toolkit } from '../toolkit.js';

/** Where a tier of the response cache keeps its entries: the URL of Redis, with its password masked, or a folder. */
export function tierPlace(name: string, { config, paths }: Pick<Toolkit, 'config' | 'paths'>): string {
  const { url } = config.redis;
  return name === 'redis' && url !== undefined ? maskSecret(url) : paths.cache;
}
