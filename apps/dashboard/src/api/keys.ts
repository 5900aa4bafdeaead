import { getJson } from './client.js';

/** A key of `/api/keys`, without its secret. */
export interface ListedKey {
  readonly id: string;
  readonly name: string;
  readonly role: 'gateway' | 'admin';
  readonly tenant: string;
  /** `*`: all. */
  readonly models: readonly string[];
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly budget?: {
    /** US dollars of each period. */
    readonly usd: number;
    readonly per: 'day' | 'month' | 'total';
    readonly unpriced: 'refuse' | 'allow';
  };
  readonly sharedCache?: string;
  /** Epoch, ms, as all times here. */
  readonly expiresAt?: number;
  readonly createdAt: number;
  readonly revokedAt?: number;
  readonly lastUsedAt?: number;
  /** US dollars of the running period; absent without a budget. */
  readonly spending?: { readonly spentUsd: number; readonly heldUsd: number };
}

export async function fetchKeys(signal: AbortSignal): Promise<readonly ListedKey[]> {
  return (await getJson<{ keys: readonly ListedKey[] }>('api/keys', { signal })).keys;
}
