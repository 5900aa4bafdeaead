import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { KeySpending } from './gateway-key.js';
import { transaction } from './schema.js';

/** Sums of dollars are off by what doubles are; nobody shall be refused the last millionth of a cent for it. */
const roundingUsd = 1e-9;

/**
 * What is taken of the budgets, in the file of the keys: what was spent, and what each process (`owner`) has set aside. Both
 * together never exceed the limit.
 */
export class SpendingFile {
  readonly #database: DatabaseSync;
  readonly #owner: string;
  readonly #taken: StatementSync;
  readonly #allow: StatementSync;
  readonly #spend: StatementSync;
  readonly #giveBack: StatementSync;

  constructor(database: DatabaseSync, owner: string) {
    this.#database = database;
    this.#owner = owner;
    this.#taken = database.prepare(
      `SELECT COALESCE((SELECT usd FROM spending WHERE key = :key AND period = :period), 0) AS spent,
              COALESCE((SELECT SUM(usd) FROM allowances WHERE key = :key AND period = :period), 0) AS held`,
    );
    this.#allow = database.prepare(
      `INSERT INTO allowances (key, period, owner, usd) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET usd = usd + excluded.usd`,
    );
    this.#spend = database.prepare(
      `INSERT INTO spending (key, period, usd) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET usd = usd + excluded.usd`,
    );
    this.#giveBack = database.prepare(
      'UPDATE allowances SET usd = ? WHERE key = ? AND period = ? AND owner = ?',
    );
  }

  taken(key: string, period: string): KeySpending {
    const row = this.#taken.get({ key, period });
    return { spentUsd: Number(row?.spent), heldUsd: Number(row?.held) };
  }

  /** Sets aside `wanted`, or what there is, if that is at least `needed`: the amount, 0 when it is not. */
  allow(key: string, period: string, limit: number, needed: number, wanted: number): number {
    return transaction(this.#database, () => {
      const { spentUsd, heldUsd } = this.taken(key, period);
      const free = limit - spentUsd - heldUsd;
      if (free + roundingUsd < needed) return 0;
      const granted = Math.max(needed, Math.min(wanted, free));
      this.#allow.run(key, period, this.#owner, granted);
      return granted;
    });
  }

  /** Books what was spent, and keeps `held` of what was set aside. */
  book(accounts: readonly { key: string; period: string; spent: number; held: number }[]): void {
    transaction(this.#database, () => {
      for (const { key, period, spent, held } of accounts) {
        if (spent > 0) this.#spend.run(key, period, spent);
        this.#giveBack.run(held, key, period, this.#owner);
      }
    });
  }
}
