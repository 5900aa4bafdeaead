import { randomUUID } from 'node:crypto';
import { BudgetAccount } from './budget-account.js';
import { periodOf } from './budget-period.js';
import { show } from './check.js';
import { KeysError } from './errors.js';
import type { GatewayKey, KeyBudget, KeySpending } from './gateway-key.js';
import { type Awaitable, andThen, type BudgetReply, type KeyStore } from './key-store.js';
import { unavailable } from './refusals.js';

/** An amount set aside for one request. */
export interface Reservation {
  /** The budgets that settle it. */
  readonly budgets: Budgets;
  readonly account: BudgetAccount;
  readonly usd: number;
}

interface BudgetsOptions {
  readonly store: KeyStore;
  /** Epoch, ms. */
  readonly clock: () => number;
}

const bookEveryMs = 1000;
/** Set aside at once for this many requests of the same size, so that not each of them has to ask the store. */
const requestsAhead = 8;
/**
 * Limits that to a share of the budget: a process that dies takes what it has set aside with it. With a shared store the larger of both
 * counts.
 */
const aheadOfLimit = 0.01;

/**
 * Spends the budgets of keys without ever exceeding them: what a request could cost at most is set aside before it is made. Amounts are
 * taken from the store for several requests at once, and what is not needed is given back within two seconds.
 *
 * While the store is down a process spends what it has set aside, and no more. So no spending is ever lost: it counts as set aside until it
 * is booked.
 */
export class Budgets {
  readonly #store: KeyStore;
  readonly #clock: () => number;
  /** Identifies this process to the others. */
  readonly #owner = randomUUID();
  readonly #current = new Map<string, BudgetAccount>();
  /** Accounts with something to book or to give back. */
  readonly #unbooked = new Set<BudgetAccount>();
  #isAway = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ store, clock }: BudgetsOptions) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Sets `usd` aside, or returns `undefined` if less than that is left of the budget. Throws, or rejects with, `KEYS_UNAVAILABLE`. Returns
   * a promise only if a shared store has to be asked.
   */
  reserve(key: string, budget: KeyBudget, usd: number): Awaitable<Reservation | undefined> {
    if (!(typeof usd === 'number' && usd >= 0))
      throw new RangeError(`what a request could cost must be 0 or more, got ${show(usd)}`);
    const account = this.#account(key, budget);
    if (account.missing(usd) === 0) return this.#take(account, usd);
    if (account.busy !== undefined) return this.#takeLater(account, usd);
    return andThen(this.#ask(account, usd), () =>
      account.missing(usd) === 0 ? this.#take(account, usd) : undefined,
    );
  }

  /**
   * Books what a request cost and frees what was set aside for it. For a value that cannot be a cost, everything set aside counts as spent,
   * because the value would be added to what others have spent, and a `RangeError` is thrown.
   */
  settle({ account, usd }: Reservation, spentUsd: number): void {
    const isCost = typeof spentUsd === 'number' && spentUsd >= 0 && spentUsd < Number.POSITIVE_INFINITY;
    account.settle(usd, isCost ? spentUsd : usd);
    this.#unbooked.add(account);
    this.#bookLater();
    if (!isCost) throw new RangeError(`what a request cost must be 0 or more, got ${show(spentUsd)}`);
  }

  /** What all processes have taken of the key's current period. Throws, or rejects with, `KEYS_UNAVAILABLE`. */
  spendingOf({ id, budget }: Pick<GatewayKey, 'id' | 'budget'>): Awaitable<KeySpending> {
    if (budget === undefined) return { spentUsd: 0, heldUsd: 0 };
    const { name } = periodOf(budget.per, this.#clock());
    return andThen(this.#book(false), () => this.#asked(() => this.#store.spending(id, name)));
  }

  /** The same, as this process was last told. */
  lastKnownOf({ id }: Pick<GatewayKey, 'id'>): KeySpending {
    return this.#current.get(id)?.taken ?? { spentUsd: 0, heldUsd: 0 };
  }

  /** The store has been replaced: what was set aside in the old one is not in the new one. */
  forget(): void {
    this.#current.clear();
    this.#unbooked.clear();
  }

  /** Books what was spent and gives back everything that requests in progress do not need. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const accounts = new Set([...this.#current.values(), ...this.#unbooked]);
    for (const account of accounts) {
      while (account.busy !== undefined) await account.busy;
      this.#unbooked.add(account);
    }
    await this.#book(true);
    const ended = [...accounts].filter((account) => !this.#unbooked.has(account));
    if (ended.length === 0) return;
    try {
      await this.#store.leave(this.#owner, ended);
    } catch {
      // Only zeros are left behind.
    }
  }

  #take(account: BudgetAccount, usd: number): Reservation {
    account.open += usd;
    account.isActive = true;
    return { budgets: this, account, usd };
  }

  /** Another call is already asking for this account; what it is granted may be enough for this one too. */
  async #takeLater(account: BudgetAccount, usd: number): Promise<Reservation | undefined> {
    while (account.busy !== undefined) await account.busy;
    if (account.missing(usd) > 0) await this.#ask(account, usd);
    return account.missing(usd) === 0 ? this.#take(account, usd) : undefined;
  }

  /** Asks for what is missing. What is still missing afterwards tells whether there was enough. */
  #ask(account: BudgetAccount, usd: number): Awaitable<void> {
    const needed = account.missing(usd);
    if (needed === 0) return undefined;
    const few = usd * requestsAhead;
    const part = account.limit * aheadOfLimit;
    // A shared store may go down at any time: until it is back, only what was set aside can be spent.
    const ahead = this.#store.isShared ? Math.max(few, part) : Math.min(few, part);
    const step = account.step(this.#clock(), { needed, wanted: Math.max(needed, ahead) });
    const answer = this.#asked(() => this.#store.budget(this.#owner, [step]));
    return account.whileBusy(andThen(answer, ([reply]) => account.learn(reply)));
  }

  #bookLater(): void {
    if (!this.#closed) this.#timer ??= setTimeout(() => void this.#bookAgain(), bookEveryMs).unref();
  }

  async #bookAgain(): Promise<void> {
    await this.#book(false);
    this.#timer = undefined;
    if (this.#unbooked.size > 0) this.#bookLater();
  }

  /** What cannot be written now is written later; until then it stays set aside, so nothing is spent twice. */
  #book(all: boolean): Awaitable<void> {
    const accounts = [...this.#unbooked].filter(({ busy }) => busy === undefined);
    if (accounts.length === 0) return undefined;
    const now = this.#clock();
    const steps = accounts.map((account) =>
      account.step(now, { givesBack: all || (!account.isActive && !this.#isAway) }),
    );
    const learn = (replies: readonly BudgetReply[]): void => {
      accounts.forEach((account, index) => {
        account.learn(replies[index]);
        // Otherwise it is booked once more, to give back what nobody has needed meanwhile.
        if (account.isSettled) this.#unbooked.delete(account);
        account.isActive = false;
      });
    };
    try {
      const booked = andThen(
        this.#asked(() => this.#store.budget(this.#owner, steps)),
        learn,
      );
      if (!(booked instanceof Promise)) return undefined;
      const done = booked.catch(() => undefined);
      for (const account of accounts) void account.whileBusy(done);
      return done;
    } catch {
      return undefined;
    }
  }

  #account(key: string, { usd, per }: KeyBudget): BudgetAccount {
    const { name } = periodOf(per, this.#clock());
    const known = this.#current.get(key);
    if (known?.period === name) return known;
    const account = new BudgetAccount(key, name, usd);
    this.#current.set(key, account);
    if (known !== undefined) this.#unbooked.add(known);
    return account;
  }

  #asked<T>(work: () => Awaitable<T>): Awaitable<T> {
    const fail = (error: unknown): never => {
      this.#isAway = true;
      throw KeysError.isInstance(error) ? error : unavailable(this.#store, error);
    };
    const succeed = (value: T): T => {
      this.#isAway = false;
      return value;
    };
    try {
      const answer = work();
      return answer instanceof Promise ? answer.then(succeed, fail) : succeed(answer);
    } catch (error) {
      return fail(error);
    }
  }
}
