import { getJson } from './client.js';

/** A setting as it holds now; secrets come hidden. */
export interface Setting {
  /** `cache.ttlMs` */
  readonly path: string;
  /** Absent when it is not set and has no default. */
  readonly value?: unknown;
  /** Who set it; absent for a default. */
  readonly source?: string;
  readonly description: string;
}

export async function fetchSettings(signal: AbortSignal): Promise<readonly Setting[]> {
  return (await getJson<{ settings: readonly Setting[] }>('api/settings', { signal })).settings;
}
