/** What a key opens: `gateway` the routes of models, `admin` everything else. */
export type KeyRole = 'gateway' | 'admin';

/** How often a budget begins anew, at midnight UTC; `total`: never. */
export type BudgetPeriod = 'day' | 'month' | 'total';

export interface KeyBudget {
  /** US dollars that may be spent in each period. */
  readonly usd: number;
  readonly per: BudgetPeriod;
  /** What becomes of a request to a model of unknown price: `allow` lets it through and counts nothing. */
  readonly unpriced: 'refuse' | 'allow';
}

/** A key as everyone but its holder sees it: nothing in it leads back to the key. */
export interface GatewayKey {
  /** Ten characters that name it in lists, logs and the ledger. */
  readonly id: string;
  readonly name: string;
  readonly role: KeyRole;
  /** Whose requests they are: tenants share no answer, no stream and no place in a queue. */
  readonly tenant: string;
  /** Models that may be asked, by the names that callers use; `*` stands for anything. */
  readonly models: readonly string[];
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly budget?: KeyBudget;
  /** Keys of one pool share answers across their tenants. */
  readonly sharedCache?: string;
  /** Epoch, ms. */
  readonly expiresAt?: number;
  readonly createdAt: number;
  readonly revokedAt?: number;
}

/** A key with what was done with it. */
export interface ListedKey extends GatewayKey {
  /** Epoch, ms; up to ten seconds old. */
  readonly lastUsedAt?: number;
  /** US dollars of the running period; absent without a budget. */
  readonly spending?: KeySpending;
}

export interface KeySpending {
  readonly spentUsd: number;
  /** Set aside by servers: for requests under way, and a little ahead. */
  readonly heldUsd: number;
}

/** What a new key shall be. */
export interface CreateKeyOptions {
  /** For people: 1 to 100 characters. */
  readonly name: string;
  /** Default `gateway`. */
  readonly role?: KeyRole;
  /** 1 to 64 letters, digits, dots, dashes and underscores. Default `default`. */
  readonly tenant?: string;
  /** Default: all. */
  readonly models?: readonly string[];
  /** Whole numbers of 1 or more. Default: no limit. */
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  /** Default: none. `per` is `month` and `unpriced` is `refuse` by default. */
  readonly budget?: Pick<KeyBudget, 'usd'> & Partial<KeyBudget>;
  /** As `tenant`. Default: answers stay with the tenant. */
  readonly sharedCache?: string;
  /** Epoch, ms. Default: never. */
  readonly expiresAt?: number;
}
