import type { BudgetPeriod } from './gateway-key.js';

interface Period {
  /** `2026-11-23`, `2026-11`, or empty if there is only one. */
  readonly name: string;
  /** Epoch, ms; absent if it does not end. */
  readonly endsAt?: number;
}

/** The budget period that an epoch (ms) falls in. Days and months are in UTC. */
export function periodOf(per: BudgetPeriod, at: number): Period {
  if (per === 'total') return { name: '' };
  const date = new Date(at);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const text = date.toISOString();
  return per === 'day'
    ? { name: text.slice(0, 10), endsAt: Date.UTC(year, month, day + 1) }
    : { name: text.slice(0, 7), endsAt: Date.UTC(year, month + 1) };
}
