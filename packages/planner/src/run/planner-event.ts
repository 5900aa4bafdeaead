import type { CacheOutcome, TokenUsage } from '@ai-toolkit/ai-client';

interface OfStage {
  readonly stage: number;
  readonly name: string;
}

export interface StageStarted extends OfStage {
  readonly type: 'started';
  /** Why it runs, as a clause. */
  readonly why: string;
  /** Model that is asked; absent for the client's default. */
  readonly model?: string;
}

export interface StageText extends OfStage {
  readonly type: 'text';
  readonly text: string;
}

export interface StageUsage extends OfStage {
  readonly type: 'usage';
  readonly usage: TokenUsage;
  readonly cache: CacheOutcome;
  /** US dollars: 0 from the cache, absent if the price is unknown. */
  readonly costUsd?: number;
}

export interface StageDone extends OfStage {
  readonly type: 'done';
  readonly revision: number;
  /** SHA-256 of the document, hex. */
  readonly contentHash: string;
  /** Path of the document. */
  readonly path: string;
  /** Model that answered. */
  readonly model: string;
  readonly cache: CacheOutcome;
  /** Absent if the provider reported none. */
  readonly usage?: TokenUsage;
  /** US dollars: 0 from the cache, absent if the price is unknown. */
  readonly costUsd?: number;
  /** Whether `maxTokens` truncated the document. */
  readonly truncated: boolean;
}

export interface StageFailed extends OfStage {
  readonly type: 'failed';
  /** Also thrown by the same iterable after its last event. */
  readonly error: unknown;
}

export interface StageSkipped extends OfStage {
  readonly type: 'skipped';
  /**
   * - `unchanged`: the document already answers the current question.
   * - `dependency-failed`: a stage it needs did not succeed.
   */
  readonly reason: 'unchanged' | 'dependency-failed';
  /** The reason for people, as a clause. */
  readonly why: string;
}

/** An event of a run. The last event of each stage is `done`, `failed` or `skipped`. */
export type PlannerEvent = StageStarted | StageText | StageUsage | StageDone | StageFailed | StageSkipped;
