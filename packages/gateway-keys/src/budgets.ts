import { periodOf } from './budget-period.js';
import type { GatewayKey, KeyBudget, KeySpending } from './gateway-key.js';
import type { SpendingFile } from './spending-file.js';

/** What is set aside for one request. */
export interface Reservation {
  readonly account: Account;
  readonly usd: number;
}

/** What this process has of a key's budget in one period. */
interface Account {
  readonly key: string;
  readonly period: string;
  /** Set aside in the file, US dollars: for `open`, `spent`, and requests to come. */
  held: number;
  /** Of requests under way. */
  open: number;
  /** Not yet booked. */
  spent: number;
  /** Something was reserved since it was last booked. */
  isActive: boolean;
}

interface BudgetsOptions {
  /** Opens the file; throws when that cannot be. */
  readonly file: () => SpendingFile;
  readonly clock: () => number;
}

const bookEveryMs = 1000;
/** Set aside at once: what so many requests like this one could cost, so that not each of them writes to the file. */
const requestsAhead = 8;
/** But no more of a budget than this: a process that dies takes what it has set aside with it. */
const aheadOfLimit = 0.01;

/**
 * Spends the budgets of keys without ever crossing them: what a request could cost at most is set aside before it is made. Amounts
 * are taken from the file for several requests at once, and what is not needed is given back within two seconds.
 */
export class Budgets {
  readonly #options: BudgetsOptions;
  #file: SpendingFile | undefined;
  readonly #current = new Map<string, Account>();
  /** Accounts in which something waits to be booked or given back. */
  readonly #unbooked = new Set<Account>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: BudgetsOptions) {
    this.#options = options;
  }

  /** Sets `usd` aside, or returns `undefined` when the budget has not so much left. Throws `KEYS_UNAVAILABLE`, or what SQLite does. */
  reserve(key: string, budget: KeyBudget, usd: number): Reservation | undefined {
    const account = this.#account(key, budget);
    const missing = usd - (account.held - account.open - account.spent);
    if (missing > 0) {
      const wanted = Math.max(missing, Math.min(usd * requestsAhead, budget.usd * aheadOfLimit));
      const granted = this.#opened().allow(key, account.period, budget.usd, missing, wanted);
      if (granted === 0) return undefined;
      account.held += granted;
    }
    account.open += usd;
    account.isActive = true;
    return { account, usd };
  }

  /** A request cost this much; what was set aside for it is free again. */
  settle({ account, usd }: Reservation, spentUsd: number): void {
    account.open = Math.max(0, account.open - usd);
    account.spent += spentUsd;
    this.#unbooked.add(account);
    this.#bookLater();
  }

  /** What is taken of the key's running period, by all processes. */
  spendingOf({ id, budget }: Pick<GatewayKey, 'id' | 'budget'>): KeySpending {
    if (budget === undefined) return { spentUsd: 0, heldUsd: 0 };
    this.#book(false);
    return this.#opened().taken(id, periodOf(budget.per, this.#options.clock()).name);
  }

  /** The file was replaced: what was set aside in the old one is not in the new one. */
  reopen(): void {
    this.#file = undefined;
    this.#current.clear();
    this.#unbooked.clear();
  }

  /** Books what was spent and gives back all that is not needed by requests under way. */
  close(): void {
    clearTimeout(this.#timer);
    for (const account of this.#current.values()) this.#unbooked.add(account);
    this.#book(true);
    this.#closed = true;
  }

  #bookLater(): void {
    if (!this.#closed) this.#timer ??= setTimeout(() => this.#bookAgain(), bookEveryMs).unref();
  }

  #bookAgain(): void {
    this.#timer = undefined;
    this.#book(false);
    if (this.#unbooked.size > 0) this.#bookLater();
  }

  /** What cannot be written now is written later; until then it stays set aside, so nothing is spent twice. */
  #book(all: boolean): void {
    if (this.#unbooked.size === 0) return;
    const booked = [...this.#unbooked].map((account) => ({
      account,
      key: account.key,
      period: account.period,
      spent: account.spent,
      held: all || !account.isActive ? account.open : Math.max(account.open, account.held - account.spent),
    }));
    try {
      this.#opened().book(booked);
    } catch {
      return;
    }
    for (const { account, held } of booked) {
      account.spent = 0;
      account.held = held;
      // Once more, to give back what nobody has needed meanwhile.
      if (!account.isActive || held <= account.open) this.#unbooked.delete(account);
      account.isActive = false;
    }
  }

  #account(key: string, budget: KeyBudget): Account {
    const period = periodOf(budget.per, this.#options.clock()).name;
    const known = this.#current.get(key);
    if (known?.period === period) return known;
    const account = { key, period, held: 0, open: 0, spent: 0, isActive: false };
    this.#current.set(key, account);
    if (known !== undefined) this.#unbooked.add(known);
    return account;
  }

  #opened(): SpendingFile {
    this.#file ??= this.#options.file();
    return this.#file;
  }
}
