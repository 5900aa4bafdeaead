import type { Project } from '../project.js';
import type { StageFailure, StageRecord, StageRef } from '../stages/stage.js';

/** A project created elsewhere, with its texts and times. */
export interface ImportedProject {
  /** Identifies the source, 1 to 200 visible characters. A project with a known origin is not imported again. */
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
  /** Each stage number at most once. */
  readonly stages: readonly ImportedStage[];
  /** The source file, kept unchanged: `original.json` in the project's folder. */
  readonly original: string;
}

export interface ImportedStage {
  readonly stage: StageRef;
  /** Become revisions, oldest first; the last one is the current document. */
  readonly texts: readonly ImportedText[];
  /** The texts are history only: the stage counts as not started. Default: false. */
  readonly isReset?: boolean;
  /** Output of a run up to its interruption. */
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
  /** False if a project with the same origin exists, which is left unchanged. */
  readonly isNew: boolean;
}
