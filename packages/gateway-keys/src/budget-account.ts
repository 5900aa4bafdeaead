import type { KeySpending } from './gateway-key.js';
import type { Awaitable, BudgetReply, BudgetStep } from './key-store.js';

/** What a step is to do beside booking. */
interface StepWish {
  readonly needed?: number;
  readonly wanted?: number;
  /** What requests under way do not need goes back. */
  readonly givesBack?: boolean;
}

/** Sums of dollars are off by what doubles are. */
const roundingUsd = 1e-9;

/** What this process has of a key's budget in one period, US dollars. */
export class BudgetAccount {
  readonly key: string;
  readonly period: string;
  readonly limit: number;
  /** What requests under way may cost. */
  open = 0;
  /** Something was reserved since it was last booked. */
  isActive = false;
  /** The store is being asked; never rejects. */
  busy: Promise<void> | undefined;
  /** Set aside in the store: for `open`, for what is spent and not told yet, and for requests to come. */
  #held = 0;
  /** Spent, and not told to the store. */
  #spent = 0;
  /** Spent, and told; said again by the same number until the store has answered. */
  #told: { readonly sequence: number; readonly spent: number } | undefined;
  #sequence = 0;
  /** Of all processes, as the store last said. */
  #taken: KeySpending = { spentUsd: 0, heldUsd: 0 };

  constructor(key: string, period: string, limit: number) {
    this.key = key;
    this.period = period;
    this.limit = limit;
  }

  /** What the store has to be asked for before `usd` may be spent. */
  missing(usd: number): number {
    const missing = usd - (this.#held - this.open - this.#spent);
    // Doubles that were added up in another order must not refuse what was granted.
    return missing > roundingUsd ? missing : 0;
  }

  get taken(): KeySpending {
    return this.#taken;
  }

  /** The store knows all, and nothing is left to give back. */
  get isSettled(): boolean {
    return this.#spent === 0 && this.#told === undefined && this.#held <= this.open;
  }

  settle(reserved: number, spent: number): void {
    this.open = Math.max(0, this.open - reserved);
    if (this.open < roundingUsd) this.open = 0;
    this.#spent += spent;
  }

  /** What is to be said now. `learn` must follow with the answer; without one it is said again. */
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

  /** One step at a time: the next one is made of what this one has changed. */
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
