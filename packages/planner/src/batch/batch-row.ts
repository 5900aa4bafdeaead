import type { CacheMode } from '@ai-toolkit/ai-client';
import type { ExportFormat } from '../export/export-project.js';
import type { StageSettings } from '../question/stage-settings.js';

interface OfProject {
  /** Id of the project, or any other reference the store accepts. */
  readonly projectId: string;
}

interface Asking extends Omit<StageSettings, 'template'> {
  /** Upper bound on the cost of the row, US dollars. */
  readonly maxCost?: number;
  readonly cache?: CacheMode;
}

export interface RunStageRow extends OfProject, Asking {
  readonly operation: 'run-stage';
  readonly stage: number;
  readonly template?: string;
}

export interface RunRow extends OfProject, Asking {
  readonly operation: 'run';
  readonly stages?: readonly number[];
  readonly stale?: boolean;
  readonly concurrency?: number;
}

export interface ResetStageRow extends OfProject {
  readonly operation: 'reset-stage';
  readonly stage: number;
}

/** The paths are absolute, or relative to the folder of the batch file. */
export interface ImportCodeRow extends OfProject {
  readonly operation: 'import-code';
  readonly files: readonly string[];
  readonly description?: string;
}

export interface ExtractCodeRow extends OfProject {
  readonly operation: 'extract-code';
  readonly stage: number;
  readonly output: string;
  readonly force?: boolean;
}

export interface ExportRow extends OfProject {
  readonly operation: 'export';
  readonly output: string;
  readonly format?: ExportFormat;
  readonly force?: boolean;
}

/** One operation on one project. */
export type BatchRow = RunStageRow | RunRow | ResetStageRow | ImportCodeRow | ExtractCodeRow | ExportRow;

/** A parsed batch file. */
export interface Batch {
  /** Absolute path of the file. */
  readonly file: string;
  readonly rows: readonly BatchRow[];
}
