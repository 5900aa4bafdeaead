import { checkClock, checkNames, checkNumber } from '../check.js';
import { type Clock, systemClock } from '../clock.js';
import { RecentlyUsed } from '../recently-used.js';

export interface RetryBudgetOptions {
  /** Retries earned by each first attempt. Default 0.2: at most a fifth more calls, however much fails. */
  readonly ratio?: number;
  /** Retries that a key may save up, and starts with. Default 10. */
  readonly reserve?: number;
  /** Earned per minute without any traffic, so that an occasional caller can retry too. Default 10. */
  readonly perMinute?: number;
  /** Number of keys remembered; beyond it, the one unused for longest is forgotten. Default 10000. */
  readonly maxKeys?: number;
  readonly clock?: Clock;
}

/** Keeps retries a small part of all calls, key by key, so that an outage is not answered with a storm. */
export interface RetryBudget {
  /** Records a first attempt. */
  deposit(key: string): void;
  /** Takes one retry; false if none is left. */
  withdraw(key: string): boolean;
  /** Retries left, which may be a fraction. */
  left(key: string): number;
}

interface Account {
  balance: number;
  /** Monotonic ms. */
  at: number;
}

const known: Record<keyof RetryBudgetOptions, true> = {
  ratio: true,
  reserve: true,
  perMinute: true,
  maxKeys: true,
  clock: true,
};

export function createRetryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  checkNames('createRetryBudget', options, known);
  const { ratio = 0.2, reserve = 10, perMinute = 10, maxKeys = 10_000, clock = systemClock } = options;
  checkClock(options.clock);
  for (const [name, value] of Object.entries({ ratio, reserve, perMinute })) {
    checkNumber(name, value);
    if (!(value >= 0)) throw new RangeError(`${name} must be 0 or more, got ${value}`);
  }
  const accounts = new RecentlyUsed<Account>(maxKeys);

  const open = (key: string): Account => {
    const now = clock.now();
    const account = accounts.getOrMake(key, () => ({ balance: reserve, at: now }));
    account.balance = Math.min(reserve, account.balance + ((now - account.at) * perMinute) / 60_000);
    account.at = now;
    return account;
  };

  return {
    deposit: (key) => {
      const account = open(key);
      account.balance = Math.min(reserve, account.balance + ratio);
    },
    withdraw: (key) => {
      const account = open(key);
      if (account.balance < 1) return false;
      account.balance -= 1;
      return true;
    },
    left: (key) => open(key).balance,
  };
}
