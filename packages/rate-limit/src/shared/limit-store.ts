import type { Learned } from '../learned-limits.js';
import type { Demand, Dimension, Limits } from '../limits.js';

/** The configuration of a process, as far as the counts depend on it. Absent means unlimited. */
export interface StepLimits extends Omit<Limits, 'cachedInputWeight'> {
  /** Whether to probe while limits are unknown or do not hold. */
  readonly adaptive: boolean;
}

/**
 * One waiting caller: its tokens (it is always one request); how long it has waited, ms, where each level of priority counts as the
 * limiter's `ageingMs`; and 1 if it goes on waiting when it cannot be served now.
 */
export type StepDemand = readonly [inputTokens: number, outputTokens: number, ageMs: number, waits: 0 | 1];

/**
 * A change to what was taken: positive amounts are taken now, negative ones are given back of what was taken at `takenAt`, by the store's
 * clock.
 */
export type StepSettlement = readonly [
  takenAt: number,
  requests: number,
  inputTokens: number,
  outputTokens: number,
];

/**
 * Everything that one process has to report about one key since its last step, and what it asks for. Numbers that may be lost without harm
 * are changes; those that must be right are absolute, so that the next step corrects them.
 */
export interface LimitStep {
  /** Random name of the process, or rather of its limiter. */
  readonly process: string;
  /** Grows with each step of the process for this key; a step that is not above the last is late and changes nothing. */
  readonly sequence: number;
  /** The counts that the process knows (`StepReply.epoch`). Absent if it knows none yet. */
  readonly epoch?: string;
  readonly limits: StepLimits;
  /** The open leases of the process and what they reserved. */
  readonly open: Demand;
  /** How many of them the provider has neither accepted nor turned away yet; these count against the window. */
  readonly undecided: number;
  /** All waiting callers of the process, with what they ask for. */
  readonly waiting: Demand;
  /** The first of them, in order. */
  readonly demands: readonly StepDemand[];
  readonly settlements: readonly StepSettlement[];
  /** Taken while the store could not be reached, and not refilled since; counts unless `known` does. */
  readonly taken: Partial<Record<Dimension, number>>;
  /** What the process believes may be taken now; counts if `epoch` is not the store's, which has then lost its counts. */
  readonly known: Partial<Record<Dimension, number>>;
  /** Limits that headers reported; `null`: there is none after all. */
  readonly learned: Partial<Record<Dimension, Learned | null>>;
  /** Headers said that no more than this may be taken now. */
  readonly left: Partial<Record<Dimension, number>>;
  /** How long until these limits are whole again, ms. Default: their period. */
  readonly leftForMs?: Partial<Record<Dimension, number>>;
  /** Keep everyone out for this long, ms; 0: no need. */
  readonly closeMs: number;
  /** Calls that were neither answered nor turned away for a while. */
  readonly kept: number;
  /** Calls that succeeded, and calls that were answered with 429. */
  readonly succeeded: number;
  readonly rateLimited: number;
  /** How long calls take on average, ms. */
  readonly holdMs: number;
  /** The process is leaving: its leases end with this step. */
  readonly leaving?: true;
}

/** The state of one limit, for all processes together. */
export interface ReplyLimit {
  readonly limit: number;
  readonly burstMs: number;
  readonly algorithm: 'bucket' | 'window';
  /** What could be taken at this moment, and what was taken within the last period. */
  readonly ready: number;
  readonly used: number;
}

export interface StepReply {
  /** How many of the demands are granted, from the first on. */
  readonly granted: number;
  /** Milliseconds until the first demand not granted may fit; `null`: only when another call ends or is accepted. */
  readonly waitMs: number | null;
  /** Nobody is let in for this long, ms. */
  readonly gateMs: number;
  /** Names the counts; a new name means that the store has lost them. */
  readonly epoch: string;
  /** The store's time at this step, ms since the epoch began; later settlements refer to it. */
  readonly at: number;
  readonly limits: Partial<Record<Dimension, ReplyLimit>>;
  /** 0: no such limit. */
  readonly maxConcurrent: number;
  readonly learned: Partial<Record<Dimension, Learned>>;
  /** Requests per minute that probing found safe; 0: none. */
  readonly cap: number;
  /** Requests per minute at which the last 429 came; 0: none has come since `cap` was first guessed. */
  readonly ceiling: number;
  /** How many calls may be undecided at once; 0: any number. */
  readonly window: number;
  /** Open leases, and waiting callers, of all other processes together. */
  readonly openElsewhere: number;
  readonly waitingElsewhere: Demand;
  /** Processes seen within the last minute, including the one that asks. */
  readonly processes: number;
}

/** Keeps limits, open leases, the gate and what was learned for many processes. */
export interface LimitStore extends AsyncDisposable {
  /** Longest wait for an answer, ms. Default 300; for the first one, which may need a connection, at least 2000. */
  readonly timeoutMs?: number;
  /**
   * One atomic round trip. Rejects if the store cannot be used now. Need not keep the process alive: the caller does, and stops waiting
   * after `timeoutMs`.
   */
  step(key: string, step: LimitStep): Promise<StepReply>;
  /** Steps in progress and later ones fail. Idempotent. */
  close(): Promise<void>;
}
