import type { CacheOutcome, TokenUsage } from '@ai-toolkit/ai-client';

interface OfStage {
  readonly stage: number;
  readonly name: string;
}

export interface StageStarted extends OfStage {
  readonly type: 'started';
  /** Why it runs, as a clause. */
  readonly why: string;
  /** Model that is asked; absent when the client's default is. */
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
  /** US dollars: 0 for an answer from the cache, absent when the price is not known. */
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
  /** Absent when the provider reported none. */
  readonly usage?: TokenUsage;
  /** US dollars: 0 for an answer from the cache, absent when the price is not known. */
  readonly costUsd?: number;
  /** The document was cut short by `maxTokens`. */
  readonly truncated: boolean;
}

export interface StageFailed extends OfStage {
  readonly type: 'failed';
  /** Thrown by the same iterable once it has nothing else to say. */
  readonly error: unknown;
}

export interface StageSkipped extends OfStage {
  readonly type: 'skipped';
  /**
   * - `unchanged`: the document answers what would be asked.
   * - `dependency-failed`: a stage that it needs did not succeed.
   */
  readonly reason: 'unchanged' | 'dependency-failed';
  /** The same for people, as a clause. */
  readonly why: string;
}

/** What happens in a run. Each stage has one last event: `done`, `failed` or `skipped`. */
export type PlannerEvent = StageStarted | StageText | StageUsage | StageDone | StageFailed | StageSkipped;
