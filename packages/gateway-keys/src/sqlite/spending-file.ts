import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { KeySpending } from '../gateway-key.js';
import type { BudgetReply, BudgetStep } from '../key-store.js';
import { transaction } from './schema.js';

/** Tolerance for sums of dollars, which are doubles: nobody is refused over the last millionth of a cent. */
const roundingUsd = 1e-9;

/**
 * What is taken of the budgets, in the file of the keys: what was spent, and what each process (`owner`) has set aside. Together they never
 * exceed the limit.
 */
export class SpendingFile {
  readonly #database: DatabaseSync;
  readonly #taken: StatementSync;
  readonly #own: StatementSync;
  readonly #hold: StatementSync;
  readonly #spend: StatementSync;
  readonly #leave: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#taken = database.prepare(
      `SELECT COALESCE((SELECT usd FROM spending WHERE key = :key AND period = :period), 0) AS spent,
              COALESCE((SELECT SUM(usd) FROM allowances WHERE key = :key AND period = :period), 0) AS held`,
    );
    this.#own = database.prepare('SELECT usd FROM allowances WHERE key = ? AND period = ? AND owner = ?');
    this.#hold = database.prepare(
      `INSERT INTO allowances (key, period, owner, usd) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET usd = excluded.usd`,
    );
    this.#spend = database.prepare(
      `INSERT INTO spending (key, period, usd) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET usd = usd + excluded.usd`,
    );
    this.#leave = database.prepare(
      'DELETE FROM allowances WHERE key = ? AND period = ? AND owner = ? AND usd = 0',
    );
  }

  taken(key: string, period: string): KeySpending {
    const row = this.#taken.get({ key, period });
    return { spentUsd: Number(row?.spent), heldUsd: Number(row?.held) };
  }

  /** Runs all steps in one transaction. A step that failed has changed nothing, so none arrives here twice. */
  steps(owner: string, steps: readonly BudgetStep[]): BudgetReply[] {
    return transaction(this.#database, () => steps.map((step) => this.#step(owner, step)));
  }

  leave(owner: string, accounts: readonly Pick<BudgetStep, 'key' | 'period'>[]): void {
    transaction(this.#database, () => {
      for (const { key, period } of accounts) this.#leave.run(key, period, owner);
    });
  }

  #step(owner: string, { key, period, limit, spent, held, needed, wanted }: BudgetStep): BudgetReply {
    if (spent > 0) this.#spend.run(key, period, spent);
    const { spentUsd, heldUsd } = this.taken(key, period);
    const own = Number(this.#own.get(key, period, owner)?.usd ?? 0);
    const others = heldUsd - own;
    const free = limit - spentUsd - others - held;
    const granted = needed > 0 && free + roundingUsd >= needed ? Math.max(needed, Math.min(wanted, free)) : 0;
    if (held + granted !== own) this.#hold.run(key, period, owner, held + granted);
    return { granted, spentUsd, heldUsd: others + held + granted };
  }
}
