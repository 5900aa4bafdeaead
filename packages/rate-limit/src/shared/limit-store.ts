import type { Learned } from '../learned-limits.js';
import type { Demand, Dimension, Limits } from '../limits.js';

/** What a process was configured with, as far as the counts depend on it. What is absent is not limited. */
export interface StepLimits extends Omit<Limits, 'cachedInputWeight'> {
  /** Whether to feel the way while limits are unknown or do not hold. */
  readonly adaptive: boolean;
}

/**
 * One caller who waits: its tokens (a request is always one); for how long it waits, ms, where each level of priority counts as
 * the limiter's `ageingMs`; and 1 if it goes on waiting when it cannot be served now.
 */
export type StepDemand = readonly [inputTokens: number, outputTokens: number, ageMs: number, waits: 0 | 1];

/** A change to what was taken: above 0 it is taken now, below 0 it is given back of what was taken at that time of the store's. */
export type StepSettlement = readonly [
  takenAt: number,
  requests: number,
  inputTokens: number,
  outputTokens: number,
];

/**
 * Everything that one process has to say of one key since it spoke last, and what it asks for. Numbers that may be lost without
 * harm are changes; what must be right is absolute, so that it heals with the next step.
 */
export interface LimitStep {
  /** A random name of the process, or rather of its limiter. */
  readonly process: string;
  /** Grows with each step of the process for this key; one that is not above the last is late, and changes nothing. */
  readonly sequence: number;
  /** Which counts the process knows (`StepReply.epoch`). Absent: none yet. */
  readonly epoch?: string;
  readonly limits: StepLimits;
  /** Leases that the process has open, and what they reserved. */
  readonly open: Demand;
  /** Those of them of which it is not known yet whether the provider accepts them; what counts against the window. */
  readonly undecided: number;
  /** All that wait in the process, with what they ask for. */
  readonly waiting: Demand;
  /** The first of them, in their order. */
  readonly demands: readonly StepDemand[];
  readonly settlements: readonly StepSettlement[];
  /** Taken while the store could not be reached, and not come back since; counts unless `known` does. */
  readonly taken: Partial<Record<Dimension, number>>;
  /** What the process believes may be taken now; counts if `epoch` is not the store's, which then lost what it knew. */
  readonly known: Partial<Record<Dimension, number>>;
  /** Limits that headers told; `null`: that there is none after all. */
  readonly learned: Partial<Record<Dimension, Learned | null>>;
  /** No more than this may be taken now, said headers. */
  readonly left: Partial<Record<Dimension, number>>;
  /** Keep everyone out for so long; 0: no need. */
  readonly closeMs: number;
  /** Calls that were not answered for a while, and not turned away either. */
  readonly kept: number;
  /** Calls that came back well, and with a 429. */
  readonly succeeded: number;
  readonly rateLimited: number;
  /** How long calls take, on average. */
  readonly holdMs: number;
  /** The process goes: its leases end with this step. */
  readonly leaving?: true;
}

/** Where one limit stands in all processes together. */
export interface ReplyLimit {
  readonly limit: number;
  readonly burstMs: number;
  readonly algorithm: 'bucket' | 'window';
  /** What could be taken at this moment, and what was taken within the last period. */
  readonly ready: number;
  readonly used: number;
}

export interface StepReply {
  /** So many of the demands are granted, from the first on. */
  readonly granted: number;
  /** Milliseconds until the first of the others may fit; `null`: only when another call ends, or is accepted. */
  readonly waitMs: number | null;
  /** Nobody is let in for so long. */
  readonly gateMs: number;
  /** Names the counts; another name than before: the store has lost them. */
  readonly epoch: string;
  /** The store's time of this step, ms since the epoch began; what is settled later refers to it. */
  readonly at: number;
  readonly limits: Partial<Record<Dimension, ReplyLimit>>;
  /** 0: no such limit. */
  readonly maxConcurrent: number;
  readonly learned: Partial<Record<Dimension, Learned>>;
  /** Requests per minute that probing found safe; 0: none. */
  readonly cap: number;
  /** Requests per minute at which the last 429 came; 0: none did since `cap` was first guessed. */
  readonly ceiling: number;
  /** How many may be undecided at once; 0: any number. */
  readonly window: number;
  /** Leases open, and callers waiting, in all other processes together. */
  readonly openElsewhere: number;
  readonly waitingElsewhere: Demand;
  /** Processes seen within the last minute, the one that asks included. */
  readonly processes: number;
}

/** Where limits, open leases, the gate and what was learned are kept for many processes. */
export interface LimitStore extends AsyncDisposable {
  /** Longest that an answer is waited for, ms. Default 300; the first one, which may need a connection, at least 2000. */
  readonly timeoutMs?: number;
  /**
   * One round trip, atomic. Rejects when the store cannot be used now. Need not keep the process alive: who awaits it does, and
   * stops waiting after `timeoutMs`.
   */
  step(key: string, step: LimitStep): Promise<StepReply>;
  /** Steps under way and later fail. Safe to call again. */
  close(): Promise<void>;
}
