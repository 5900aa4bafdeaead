import type { AiClient } from '@ai-toolkit/ai-client';
import type { Project, ProjectStore, StageDocument } from '@ai-toolkit/project-store';
import type { CodeExtraction, ExtractCodeOptions } from './code/extract/extract-code.js';
import type { CodeImport, ImportCodeOptions } from './code/import/import-code.js';
import type { CountTokens, EstimateCost, Forecast } from './cost/forecast.js';
import type { EditText } from './documents/edit-document.js';
import type { ExportOptions, ProjectExport } from './export/export-project.js';
import type { TextDiff } from './history/diff-texts.js';
import type { FoundRevisions } from './history/find-revisions.js';
import type { HistoryEntry, RevisionName } from './history/history.js';
import type { ProjectPlan } from './plan/project-plan.js';
import type { DebuggedPrompt, DebugOptions } from './question/debug-prompt.js';
import type { PlannerEvent } from './run/planner-event.js';
import type { StageRunOptions } from './run/run-stage.js';
import type { StageStatus } from './stage-status.js';
import type { StageDefinition } from './stages/stage-definition.js';
import type { StatusTotals } from './status-totals.js';
import type { TemplateInfo } from './templates/describe-templates.js';
import type { TemplateSource } from './templates/template-source.js';

export interface PlannerOptions {
  readonly store: ProjectStore;
  /** Any `AiClient`; only its streaming method is used. */
  readonly client: Pick<AiClient, 'generateStreaming'>;
  /** Templates for projects without their own. Default: the built-in ones. */
  readonly templates?: TemplateSource;
  /** Stages of projects without a pipeline. Default: the six from Initial Plan to Code Generation and Review. */
  readonly stages?: readonly StageDefinition[];
  /** Model for stages that choose none. Default: the client's. Changing it makes their documents stale. */
  readonly model?: string;
  /** Like `model`. Default: the provider's limit. */
  readonly maxTokens?: number;
  /** Like `model`. Default: the provider's. */
  readonly temperature?: number;
  /** Predicts calls for plans and budgets. Default: none; then plans show no hits, and runs with a budget are refused. */
  readonly forecast?: Forecast;
  /** Prices calls. Default: every price is unknown. */
  readonly estimateCost?: EstimateCost;
  /** Counts tokens for plan estimates and for the token budget of imported code. Default: four characters per token. */
  readonly countTokens?: CountTokens;
}

/** The stages to run or plan. */
export interface StageSelection {
  /** Default: all. */
  readonly stages?: readonly number[];
  /** Only rerun stages that already have a document. Default: false, which includes those without one. */
  readonly stale?: boolean;
}

export interface RunOptions extends StageSelection, Omit<StageRunOptions, 'template' | 'force'> {
  /** Stages in progress at once, where the graph allows it. Default: 2. They share `maxCost`. */
  readonly concurrency?: number;
}

/**
 * Options of the run to plan. With `maxCost`, calls are looked up as that run would make them, and those it would
 * refuse are `blocked`.
 */
export type PlanOptions = Omit<RunOptions, 'concurrency'>;

export interface ProjectStatus {
  readonly project: Project;
  /** In the order in which they can run. */
  readonly stages: readonly StageStatus[];
  readonly totals: StatusTotals;
}

/**
 * Runs a project's stages. `id` is whatever the store accepts. Errors of the store and the client pass through; those of the planner are
 * `PlanError`s. Any method may find the project's own pipeline invalid (`PLAN_PIPELINE_INVALID`).
 */
export interface Planner {
  /** Stages of projects without a pipeline, in the order in which they can run. */
  readonly stages: readonly StageDefinition[];
  /** The stages of a project (its own if it has any), in the order in which they can run. */
  stagesOf(id: string): Promise<readonly StageDefinition[]>;
  /**
   * Runs one stage, or skips it if its document is up to date. A failure is reported as an event and then thrown, so a loop that ends
   * normally means that the document exists. Leaving the loop early ends the run.
   * @throws PlanError `PLAN_DEPENDENCY_UNMET`, `PLAN_STAGE_UNKNOWN`, `PLAN_STAGE_BUSY`, `PLAN_BUDGET_…`, `PLAN_TEMPLATE_…`, `PLAN_OUTPUT_…`
   */
  runStage(id: string, stage: number, options?: StageRunOptions): AsyncGenerator<PlannerEvent, void, void>;
  /**
   * Runs what is missing or stale: each stage after those that it needs, independent ones in parallel. If a stage needs one that has no
   * document and is not selected, it throws before calling the model. When a stage fails, those that do not depend on it still run; the
   * first failure is thrown after the last event.
   */
  run(id: string, options?: RunOptions): AsyncGenerator<PlannerEvent, void, void>;
  /** What `run` would do, and what it would cost. Calls no model. */
  plan(id: string, options?: PlanOptions): Promise<ProjectPlan>;
  /** The state of each stage. Calls no model. */
  status(id: string): Promise<ProjectStatus>;
  /** Resets a stage to not started. Its revisions stay in its history. @throws PlanError `PLAN_STAGE_BUSY` */
  resetStage(id: string, stage: number): Promise<void>;
  /** The revisions of a stage, oldest first, each with what it was made from: inputs, model, tokens, cost. */
  history(id: string, stage: number): Promise<readonly HistoryEntry[]>;
  /**
   * What changed between two revisions. `to` defaults to the document as it is on disk.
   * @throws StoreError `STORE_REVISION_NOT_FOUND`
   */
  diff(id: string, stage: number, from: RevisionName, to?: RevisionName): Promise<TextDiff>;
  /**
   * Makes the text of an older revision current again, as a new revision, which is returned.
   * @throws PlanError `PLAN_STAGE_BUSY`; StoreError `STORE_REVISION_NOT_FOUND`
   */
  restore(id: string, stage: number, revision: number): Promise<number>;
  /**
   * Finds revisions by the names that people use: `2@3` (stage 2, revision 3), or `3` if `stage` is given or only one stage has such a
   * revision. All must belong to one stage; an ambiguous name is a `TypeError`.
   * @throws PlanError `PLAN_STAGE_UNKNOWN`; StoreError `STORE_REVISION_NOT_FOUND`
   */
  findRevisions(id: string, names: readonly string[], stage?: number): Promise<FoundRevisions>;
  /** The document of a stage as it is on disk; undefined if there is none. */
  document(id: string, stage: number): Promise<StageDocument | undefined>;
  /**
   * Replaces the document of a stage with the result of `change`, as a new revision; what depends on it becomes stale.
   * @returns the revision, or undefined if the text is unchanged
   * @throws PlanError `PLAN_DEPENDENCY_UNMET` when there is no document; `PLAN_DOCUMENT_CHANGED`, `PLAN_STAGE_BUSY`;
   * TypeError if the new text is empty
   */
  edit(id: string, stage: number, change: EditText): Promise<number | undefined>;
  /**
   * Restores the document of a stage to what `document` returned earlier. The current text stays in the history.
   * @throws PlanError `PLAN_STAGE_BUSY`
   */
  revert(id: string, stage: number, before: StageDocument | undefined): Promise<void>;
  /**
   * Writes all documents to a folder: either all files or none, never through a symbolic link, and without `force` none
   * over a different file.
   * @throws PlanError `PLAN_DEPENDENCY_UNMET` if there is no document; `PLAN_EXTRACT_…`
   */
  export(id: string, dir: string, options?: ExportOptions): Promise<ProjectExport>;
  /**
   * Replaces the document of a stage with a text written by a person.
   * @throws PlanError `PLAN_STAGE_BUSY`; TypeError if the text is empty
   */
  writeDocument(id: string, stage: number, text: string): Promise<void>;
  /** The templates of a project (its own, else the user's, else the built-in ones), and which of them are outdated. */
  templates(id: string): Promise<readonly TemplateInfo[]>;
  /**
   * The prompt of a stage and its variables, even if documents that it needs are missing.
   * @throws PlanError `PLAN_STAGE_UNKNOWN`, `PLAN_TEMPLATE_…`
   */
  debug(id: string, options: DebugOptions): Promise<DebuggedPrompt>;
  /**
   * Reads code for the prompts of later runs, replacing what was imported before; documents made from that become stale.
   * @throws PlanError `PLAN_IMPORT_…`
   */
  importCode(id: string, files: readonly string[], options?: ImportCodeOptions): Promise<CodeImport>;
  /**
   * Writes out the files contained in a stage's document; see `extractCode`.
   * @throws PlanError `PLAN_DEPENDENCY_UNMET` when there is no document; `PLAN_EXTRACT_…`
   */
  extractCode(id: string, stage: number, dir: string, options?: ExtractCodeOptions): Promise<CodeExtraction>;
  /** Removes imported code. @returns whether there was any */
  removeCode(id: string): Promise<boolean>;
}
