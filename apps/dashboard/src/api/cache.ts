import { getJson } from './client.js';

/** `/api/cache` */
export interface CacheReport {
  readonly tiers: readonly CacheTier[];
}

export interface CacheTier {
  readonly name: string;
  /** `ready`, `idle`, `opening`, or what is wrong: `read-only`, `unavailable`, `closed`. */
  readonly state: string;
  /** The last failure, or what was repaired. */
  readonly reason?: string;
  readonly entries: number;
  readonly bytes: number;
  readonly maxBytes?: number;
  readonly hits: number;
  readonly misses: number;
}

export function fetchCache(signal: AbortSignal): Promise<CacheReport> {
  return getJson<CacheReport>('api/cache', { signal });
}
