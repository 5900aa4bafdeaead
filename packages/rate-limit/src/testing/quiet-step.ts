import type { Demand } from '../limits.js';
import type { LimitStep } from '../shared/limit-store.js';

export const NOTHING: Demand = { requests: 0, inputTokens: 0, outputTokens: 0 };

/** A step of a process in which nothing happens: nobody waits, nothing is open, nothing was learned. */
export const QUIET: Omit<LimitStep, 'process' | 'sequence' | 'limits'> = {
  open: NOTHING,
  undecided: 0,
  waiting: NOTHING,
  demands: [],
  settlements: [],
  taken: {},
  known: {},
  learned: {},
  left: {},
  closeMs: 0,
  kept: 0,
  succeeded: 0,
  rateLimited: 0,
  holdMs: 0,
};
