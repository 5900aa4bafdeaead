import type { GatewayKey, KeySpending } from './gateway-key.js';

/** A store on this machine answers synchronously, one behind a network with a promise. */
export type Awaitable<T> = T | Promise<T>;

/** A key as kept in a store. */
export interface StoredKey {
  readonly key: GatewayKey;
  /** SHA-256 of the secret. */
  readonly digest: Uint8Array;
  readonly lastUsedAt?: number | undefined;
}

/** How far a reader has read. */
export interface KeyVersion {
  /** Names the contents: a new name means that they were replaced or lost. */
  readonly epoch: string;
  /** Grows with every change. */
  readonly revision: number;
}

export interface KeyChanges {
  readonly version: KeyVersion;
  readonly keys: readonly StoredKey[];
  /** Whether these are all keys of the store, rather than only those that have changed. */
  readonly isWhole: boolean;
}

/**
 * What one process reports about one key's budget, and what it asks for. Numbers are absolute, or numbered so that they count once: a step
 * whose answer was lost is repeated, and changes nothing.
 */
export interface BudgetStep {
  /** Id of the key. */
  readonly key: string;
  /** See `periodOf`. */
  readonly period: string;
  /** US dollars of the whole period. */
  readonly limit: number;
  /** Numbers the amount `spent`, so that it counts once. Grows, and is close to the epoch in ms. */
  readonly sequence: number;
  /** Spent since the previous sequence. */
  readonly spent: number;
  /** Everything that the process has set aside, no longer including `spent`. */
  readonly held: number;
  /** Spent by all processes, by the last answer; a store that knows of less has lost some. */
  readonly known: number;
  /** Set aside this much more, or `wanted` if there is enough. 0: nothing. */
  readonly needed: number;
  readonly wanted: number;
}

export interface BudgetReply extends KeySpending {
  /** `needed` or more; 0 if there is less than that left. */
  readonly granted: number;
}

/**
 * Keeps keys, and what is spent of their budgets. Every method throws, or rejects with, whatever went wrong; a `KeysError` is passed on as
 * it is.
 */
export interface KeyStore {
  /** Where the store is, for error messages; without a password. */
  readonly place: string;
  /**
   * Whether it is behind a network and used by many machines: then it is polled by a timer instead of asked by each request, may go down
   * without making the keys wrong, and gets back what it has lost.
   */
  readonly isShared: boolean;
  /** What has changed since a version; everything without one; `undefined` if nothing has. */
  changes(since?: KeyVersion): Awaitable<KeyChanges | undefined>;
  /** Adds keys that the store does not have, and revokes those that are given as revoked. Durable when it returns. */
  put(keys: readonly StoredKey[]): Awaitable<void>;
  /** Records when keys were last used. */
  touch(used: readonly { readonly id: string; readonly at: number }[]): Awaitable<void>;
  /** One answer for each step, in order. Each step is atomic. `owner` identifies the process. */
  budget(owner: string, steps: readonly BudgetStep[]): Awaitable<readonly BudgetReply[]>;
  /** The process will report no more on these accounts: it is removed from those in which it holds nothing. */
  leave(owner: string, accounts: readonly Pick<BudgetStep, 'key' | 'period'>[]): Awaitable<void>;
  /** What all processes have spent and set aside. */
  spending(key: string, period: string): Awaitable<KeySpending>;
  /** Idempotent. */
  close(): Awaitable<void>;
}

/** Continues with an answer, now or when it comes. */
export function andThen<T, R>(answer: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return answer instanceof Promise ? answer.then(next) : next(answer);
}
