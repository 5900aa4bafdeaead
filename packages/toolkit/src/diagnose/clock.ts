import type { Toolkit } from '../toolkit.js';
import { type Diagnosis, failure, ok, warning } from './diagnosis.js';

/** A larger clock error, ms, breaks lifetimes, limits and signed requests. */
const toleratedMs = 60_000;

/** The time according to a provider's answer. */
export interface TimeSample {
  readonly provider: string;
  /** How far this clock is ahead of the provider's, ms; negative if behind. */
  readonly aheadMs: number;
}

/** Compares the clock of this machine with those of the providers that answered and with the last ledger entry. */
export async function diagnoseClock(
  toolkit: Toolkit,
  samples: readonly TimeSample[],
  now: number = Date.now(),
): Promise<Diagnosis> {
  const remedy = 'Set the clock, for instance with: timedatectl set-ntp true';
  const worst = [...samples].sort((a, b) => Math.abs(b.aheadMs) - Math.abs(a.aheadMs))[0];
  if (worst !== undefined && Math.abs(worst.aheadMs) > toleratedMs) {
    const seconds = Math.round(Math.abs(worst.aheadMs) / 1000);
    const direction = worst.aheadMs > 0 ? 'ahead of' : 'behind';
    return failure('clock', `It is ${seconds} s ${direction} that of ${worst.provider}.`, remedy);
  }
  const [last] = await (await toolkit.ledger()).calls({ limit: 1 });
  if (last !== undefined && last.startedAt > now + toleratedMs) {
    const found = `The last call in the ledger is of ${new Date(last.startedAt).toISOString()}, which is in the future.`;
    return warning('clock', found, `${remedy}. If it was wrong then, and is right now: nothing.`);
  }
  return ok('clock', worst === undefined ? new Date(now).toISOString() : `as that of ${worst.provider}`);
}
