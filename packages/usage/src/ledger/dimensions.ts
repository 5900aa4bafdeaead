import type { LedgerCall } from '../accounting.js';
import { seriesNamesOf } from './rows.js';

/** What sums are kept by; each dimension has a number in the file. `all` has only one name, which is empty. */
export const dimensions = {
  all: 0,
  provider: 1,
  model: 2,
  tenant: 3,
  project: 4,
  stage: 5,
  key: 6,
} as const;

/** The name of a call in each dimension, indexed by the dimension's number; empty if it has none. */
export function namesOf(call: LedgerCall): string[] {
  // The names of a series are in the order of the dimensions.
  return ['', ...seriesNamesOf(call)];
}
