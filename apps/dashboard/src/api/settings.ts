import type { SettingValue as Setting } from '@ai-toolkit/toolkit/config';
import { getJson } from './client.js';

export type { Setting };

export async function fetchSettings(signal: AbortSignal): Promise<readonly Setting[]> {
  return (await getJson<{ settings: readonly Setting[] }>('api/settings', { signal })).settings;
}
