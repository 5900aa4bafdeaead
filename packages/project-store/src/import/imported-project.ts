import type { Project } from '../project.js';
import type { StageFailure, StageRecord, StageRef } from '../stages/stage.js';

/** A project that was made elsewhere, with its texts and times. */
export interface ImportedProject {
  /** Says where it comes from, in at most 200 visible characters. A project of the same origin is not brought in twice. */
  readonly origin: string;
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  /** Default: the description. */
  readonly idea?: string;
  /** Epoch, ms. */
  readonly createdAt: number;
  /** Epoch, ms. */
  readonly updatedAt: number;
  /** Each number once. */
  readonly stages: readonly ImportedStage[];
  /** The file that all of this was read from, kept as it is: `original.json` in a project's folder. */
  readonly original: string;
}

export interface ImportedStage {
  readonly stage: StageRef;
  /** Become revisions, oldest first; the last one is the document. */
  readonly texts: readonly ImportedText[];
  /** The texts are history: the stage is not started. Default: false. */
  readonly isReset?: boolean;
  /** What a run had said when it was interrupted. */
  readonly partial?: string;
  /** Why the last attempt failed. */
  readonly failure?: StageFailure;
}

export interface ImportedText {
  readonly text: string;
  /** Epoch, ms. */
  readonly createdAt: number;
  readonly record?: StageRecord;
}

export interface ImportResult {
  readonly project: Project;
  /** False when there was one of the same origin, which is as it was. */
  readonly isNew: boolean;
}
