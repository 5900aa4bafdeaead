import type { GatewayKey, KeySpending } from './gateway-key.js';

/** A store on this machine answers at once, one behind a network by a promise. */
export type Awaitable<T> = T | Promise<T>;

/** A key as a store has it. */
export interface StoredKey {
  readonly key: GatewayKey;
  /** SHA-256 of the secret. */
  readonly digest: Uint8Array;
  readonly lastUsedAt?: number | undefined;
}

/** How far a reader has read. */
export interface KeyVersion {
  /** Names the contents: another name than before means that they are others, or were lost. */
  readonly epoch: string;
  /** Grows with every change. */
  readonly revision: number;
}

export interface KeyChanges {
  readonly version: KeyVersion;
  readonly keys: readonly StoredKey[];
  /** These are all keys of the store, and not those alone that have changed. */
  readonly isWhole: boolean;
}

/**
 * What one process has to say of one key's budget, and what it asks for. Numbers are absolute, or numbered so that they count once:
 * a step whose answer was lost is said again, and changes nothing.
 */
export interface BudgetStep {
  /** Id of the key. */
  readonly key: string;
  /** See `periodOf`. */
  readonly period: string;
  /** US dollars of the whole period. */
  readonly limit: number;
  /** Names what `spent` is counted by; counts once. Grows, and is near the epoch in ms. */
  readonly sequence: number;
  /** Spent since the sequence before. */
  readonly spent: number;
  /** All that the process has set aside, `spent` no longer included. */
  readonly held: number;
  /** What the process was last told to be spent by all; a store that knows of less has lost it. */
  readonly known: number;
  /** Set aside so much more, `wanted` if there is enough. 0: nothing. */
  readonly needed: number;
  readonly wanted: number;
}

export interface BudgetReply extends KeySpending {
  /** `needed` or more; 0 when there is not so much left. */
  readonly granted: number;
}

/**
 * Where keys are kept, with what is spent of their budgets. Every method throws, or rejects with, whatever went wrong; a `KeysError`
 * is passed on as it is.
 */
export interface KeyStore {
  /** Where it is, for errors: without a password. */
  readonly place: string;
  /**
   * It is behind a network, and many machines use it: it is asked by a timer instead of by each request, goes away without the keys
   * becoming wrong, and is told again what it has lost.
   */
  readonly isShared: boolean;
  /** What has changed since; all for a reader who says nothing; `undefined` when nothing has. */
  changes(since?: KeyVersion): Awaitable<KeyChanges | undefined>;
  /** Adds keys that the store does not have, and revokes those that come revoked. Durable when it returns. */
  put(keys: readonly StoredKey[]): Awaitable<void>;
  /** Notes when keys were used last. */
  touch(used: readonly { readonly id: string; readonly at: number }[]): Awaitable<void>;
  /** One answer for each step, in their order. Each step is atomic. `owner` names the process. */
  budget(owner: string, steps: readonly BudgetStep[]): Awaitable<readonly BudgetReply[]>;
  /** The process says of these accounts that it will say no more: what it does not hold is forgotten of it. */
  leave(owner: string, accounts: readonly Pick<BudgetStep, 'key' | 'period'>[]): Awaitable<void>;
  /** What is spent and set aside by all. */
  spending(key: string, period: string): Awaitable<KeySpending>;
  /** Idempotent. */
  close(): Awaitable<void>;
}

/** Goes on with an answer, now or when it comes. */
export function andThen<T, R>(answer: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return answer instanceof Promise ? answer.then(next) : next(answer);
}
