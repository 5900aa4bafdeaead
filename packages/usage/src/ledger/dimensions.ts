import type { LedgerCall } from '../accounting.js';
import { seriesNamesOf } from './rows.js';

/** What sums are kept by; each has a number in the file. `all` has one name, which is empty. */
export const dimensions = {
  all: 0,
  provider: 1,
  model: 2,
  tenant: 3,
  project: 4,
  stage: 5,
  key: 6,
} as const;

/** The name that a call has in each dimension, by the dimension's number; empty where it has none. */
export function namesOf(call: LedgerCall): string[] {
  // The names of a series are those of the dimensions, in their order.
  return ['', ...seriesNamesOf(call)];
}
