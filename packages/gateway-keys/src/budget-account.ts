import type { KeySpending } from './gateway-key.js';
import type { Awaitable, BudgetReply, BudgetStep } from './key-store.js';

/** What a step should do besides booking. */
interface StepWish {
  readonly needed?: number;
  readonly wanted?: number;
  /** Gives back what requests in progress do not need. */
  readonly givesBack?: boolean;
}

/** Tolerance for sums of dollars, which are doubles. */
const roundingUsd = 1e-9;

/** What this process has of a key's budget in one period, in US dollars. */
export class BudgetAccount {
  readonly key: string;
  readonly period: string;
  readonly limit: number;
  /** What requests in progress may cost. */
  open = 0;
  /** Whether anything was reserved since the last booking. */
  isActive = false;
  /** Set while the store is being asked; never rejects. */
  busy: Promise<void> | undefined;
  /** Set aside in the store: for `open`, for what was spent and not reported yet, and for requests to come. */
  #held = 0;
  /** Spent, but not reported to the store yet. */
  #spent = 0;
  /** Spent and reported; repeated under the same number until the store has answered. */
  #told: { readonly sequence: number; readonly spent: number } | undefined;
  #sequence = 0;
  /** Taken by all processes, by the store's last reply. */
  #taken: KeySpending = { spentUsd: 0, heldUsd: 0 };

  constructor(key: string, period: string, limit: number) {
    this.key = key;
    this.period = period;
    this.limit = limit;
  }

  /** What must be requested from the store before `usd` may be spent. */
  missing(usd: number): number {
    const missing = usd - (this.#held - this.open - this.#spent);
    // Doubles added up in a different order must not refuse what was granted.
    return missing > roundingUsd ? missing : 0;
  }

  get taken(): KeySpending {
    return this.#taken;
  }

  /** Whether the store knows everything and nothing is left to give back. */
  get isSettled(): boolean {
    return this.#spent === 0 && this.#told === undefined && this.#held <= this.open;
  }

  settle(reserved: number, spent: number): void {
    this.open = Math.max(0, this.open - reserved);
    if (this.open < roundingUsd) this.open = 0;
    this.#spent += spent;
  }

  /** What to report now. `learn` must follow with the answer; without one the report is repeated. */
  step(now: number, { needed = 0, wanted = 0, givesBack = false }: StepWish): BudgetStep {
    if (this.#told === undefined) {
      this.#sequence = Math.max(this.#sequence + 1, Math.floor(now));
      this.#told = { sequence: this.#sequence, spent: this.#spent };
      this.#held = Math.max(this.open, this.#held - this.#spent);
      this.#spent = 0;
    }
    if (givesBack) this.#held = this.open + this.#spent;
    const { key, period, limit } = this;
    const { spentUsd: known } = this.#taken;
    return { key, period, limit, ...this.#told, held: this.#held, known, needed, wanted };
  }

  learn(reply: BudgetReply | undefined): void {
    if (reply === undefined) return;
    const { granted, spentUsd, heldUsd } = reply;
    this.#told = undefined;
    this.#held += granted;
    this.#taken = { spentUsd, heldUsd };
  }

  /** One step at a time, because the next one is made from what this one has changed. */
  whileBusy(step: Awaitable<void>): Awaitable<void> {
    if (!(step instanceof Promise)) return undefined;
    const done = (): void => {
      if (this.busy === busy) this.busy = undefined;
    };
    const busy: Promise<void> = step.then(done, done);
    this.busy = busy;
    return step;
  }
}
