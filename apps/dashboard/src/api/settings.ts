import { getJson } from './client.js';

/** A setting in effect; the server hides secrets. */
export interface Setting {
  /** `cache.ttlMs` */
  readonly path: string;
  /** Absent if not set and without a default. */
  readonly value?: unknown;
  /** Who set it; absent for a default. */
  readonly source?: string;
  readonly description: string;
}

export async function fetchSettings(signal: AbortSignal): Promise<readonly Setting[]> {
  return (await getJson<{ settings: readonly Setting[] }>('api/settings', { signal })).settings;
}
