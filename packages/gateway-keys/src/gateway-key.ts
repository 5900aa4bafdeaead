/** What a key gives access to: `gateway` the model routes, `admin` everything else. */
export type KeyRole = 'gateway' | 'admin';

/** How often a budget is reset, at midnight UTC; `total`: never. */
export type BudgetPeriod = 'day' | 'month' | 'total';

export interface KeyBudget {
  /** US dollars that may be spent in each period. */
  readonly usd: number;
  readonly per: BudgetPeriod;
  /** What happens to requests for models of unknown price: `allow` lets them through without counting them. */
  readonly unpriced: 'refuse' | 'allow';
}

/** A key as everyone but its holder sees it: the secret cannot be derived from it. */
export interface GatewayKey {
  /** Ten characters that identify it in lists, logs and the ledger. */
  readonly id: string;
  readonly name: string;
  readonly role: KeyRole;
  /** Whose requests they are: tenants share no answers, streams or places in a queue. */
  readonly tenant: string;
  /** Models that may be used, by the names that callers use; `*` matches anything. */
  readonly models: readonly string[];
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly budget?: KeyBudget;
  /** Keys of one pool share answers across tenants. */
  readonly sharedCache?: string;
  /** Epoch, ms. */
  readonly expiresAt?: number;
  readonly createdAt: number;
  readonly revokedAt?: number;
}

/** A key and how it has been used. */
export interface ListedKey extends GatewayKey {
  /** Epoch, ms; up to ten seconds old. */
  readonly lastUsedAt?: number;
  /** US dollars in the current period; absent without a budget. */
  readonly spending?: KeySpending;
}

export interface KeySpending {
  readonly spentUsd: number;
  /** Set aside by servers for requests in progress, and a little ahead of need. */
  readonly heldUsd: number;
}

/** Options of a new key. */
export interface CreateKeyOptions {
  /** A name for people: 1 to 100 characters. */
  readonly name: string;
  /** Default `gateway`. */
  readonly role?: KeyRole;
  /** 1 to 64 letters, digits, dots, dashes and underscores. Default `default`. */
  readonly tenant?: string;
  /** Default: all. */
  readonly models?: readonly string[];
  /** A whole number of 1 or more. Default: no limit. */
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  /** Default: none. `per` is `month` and `unpriced` is `refuse` by default. */
  readonly budget?: Pick<KeyBudget, 'usd'> & Partial<KeyBudget>;
  /** As `tenant`. Default: answers stay with the tenant. */
  readonly sharedCache?: string;
  /** Epoch, ms; before the year 9999. Default: never. */
  readonly expiresAt?: number;
}
