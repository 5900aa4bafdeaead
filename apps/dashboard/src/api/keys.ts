import { deleteJson, getJson, postJson } from './client.js';

/** A key of the gateway, as `@ai-toolkit/gateway-keys` lists it. */
export interface ListedKey {
  /** Ten characters that name it. */
  readonly id: string;
  readonly name: string;
  readonly role: 'gateway' | 'admin';
  readonly tenant: string;
  readonly models: readonly string[];
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly budget?: { readonly usd: number; readonly per: BudgetPeriod };
  readonly sharedCache?: string;
  /** Epoch, ms. */
  readonly expiresAt?: number;
  readonly createdAt: number;
  readonly revokedAt?: number;
  readonly lastUsedAt?: number;
  /** US dollars in the current period; `heldUsd` is reserved for requests in flight. */
  readonly spending?: { readonly spentUsd: number; readonly heldUsd: number };
}

export type BudgetPeriod = 'day' | 'month' | 'total';

/** Settings of a new key; an absent limit means none. */
export interface NewKey {
  readonly name: string;
  readonly role: ListedKey['role'];
  readonly tenant?: string;
  readonly models?: readonly string[];
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly budget?: { readonly usd: number; readonly per: BudgetPeriod };
  readonly expiresAt?: number;
}

/** A new key with its secret, which is returned only once. */
export interface CreatedKey extends ListedKey {
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
