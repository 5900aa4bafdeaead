import type {
  BudgetPeriod,
  GatewayKey,
  ListedKey,
  CreateKeyOptions as NewKey,
} from '@ai-toolkit/gateway-keys';
import { deleteJson, getJson, postJson } from './client.js';

export type { BudgetPeriod, ListedKey, NewKey };

/** A new key with its secret, which is told this once. */
export interface CreatedKey extends GatewayKey {
  readonly key: string;
}

/** All keys, including revoked ones, oldest first. */
export async function fetchKeys(signal: AbortSignal): Promise<readonly ListedKey[]> {
  return (await getJson<{ keys: readonly ListedKey[] }>('api/keys', { signal })).keys;
}

export function createKey(wanted: NewKey): Promise<CreatedKey> {
  return postJson<CreatedKey>('api/keys', wanted);
}

export async function revokeKey(id: string): Promise<void> {
  await deleteJson(`api/keys/${encodeURIComponent(id)}`);
}
