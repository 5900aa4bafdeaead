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
  /** Any `AiClient`; only its streaming is used. */
  readonly client: Pick<AiClient, 'generateStreaming'>;
  /** Templates of projects that bring none of a name. Default: the built-in ones. */
  readonly templates?: TemplateSource;
  /** Stages of projects that bring no pipeline. Default: the six from Initial Plan to Code Generation and Review. */
  readonly stages?: readonly StageDefinition[];
  /** Model for stages that choose none. Default: the client's. Changing it makes their documents stale. */
  readonly model?: string;
  /** As `model`. Default: the provider's limit. */
  readonly maxTokens?: number;
  /** As `model`. Default: the provider's. */
  readonly temperature?: number;
  /** Looks calls up for plans and budgets. Default: none; plans then know no hits, and budgets refuse to run. */
  readonly forecast?: Forecast;
  /** Prices calls. Default: no price is known. */
  readonly estimateCost?: EstimateCost;
  /** For the estimates of plans and the budget of imported code. Default: four characters to a token. */
  readonly countTokens?: CountTokens;
}

/** Which stages a run or a plan is about. */
export interface StageSelection {
  /** Default: all. */
  readonly stages?: readonly number[];
  /** Only those that have a document which is stale. Default: false, those without a document too. */
  readonly stale?: boolean;
}

export interface RunOptions extends StageSelection, Omit<StageRunOptions, 'template' | 'force'> {
  /** Stages in progress at once, where the graph allows it. Default: 2. They share `maxCost`. */
  readonly concurrency?: number;
}

/**
 * As for the run that is planned. With a `maxCost`, calls are looked up as a run under a budget makes them, and what it would not let pass
 * is blocked.
 */
export type PlanOptions = Omit<RunOptions, 'concurrency'>;

export interface ProjectStatus {
  readonly project: Project;
  /** In the order in which they can run. */
  readonly stages: readonly StageStatus[];
  readonly totals: StatusTotals;
}

/**
 * Runs a project's stages. `id` is whatever the store takes. Failures of the store and the client pass through, those
 * of the planner are `PlanError`; any method may find the project's own pipeline invalid (`PLAN_PIPELINE_INVALID`).
 */
export interface Planner {
  /** Stages of projects that bring no pipeline, in the order in which they can run. */
  readonly stages: readonly StageDefinition[];
  /** The stages of a project, its own if it brings some, in the order in which they can run. */
  stagesOf(id: string): Promise<readonly StageDefinition[]>;
  /**
   * Runs one stage, or skips it when it would ask what its document already answers. A failure is an event and is then
   * thrown: a loop that ends normally means that the document is there. Leaving the loop early ends the run.
   * @throws PlanError `PLAN_DEPENDENCY_UNMET`, `PLAN_STAGE_UNKNOWN`, `PLAN_STAGE_BUSY`, `PLAN_BUDGET_…`, `PLAN_TEMPLATE_…`, `PLAN_OUTPUT_…`
   */
  runStage(id: string, stage: number, options?: StageRunOptions): AsyncGenerator<PlannerEvent, void, void>;
  /**
   * Runs what is missing or stale, each stage after those that it needs, independent ones side by side. Throws before
   * anything is asked when a stage needs one that has no document and is not selected. When a stage fails, those that do
   * not depend on it still run; the first failure is thrown after the last event.
   */
  run(id: string, options?: RunOptions): AsyncGenerator<PlannerEvent, void, void>;
  /** What `run` would do, and what it would cost. Asks nobody. */
  plan(id: string, options?: PlanOptions): Promise<ProjectPlan>;
  /** Asks nobody. */
  status(id: string): Promise<ProjectStatus>;
  /** Back to not started. The stage's revisions stay in its history. @throws PlanError `PLAN_STAGE_BUSY` */
  resetStage(id: string, stage: number): Promise<void>;
  /** The revisions of a stage, oldest first, each with what it was made of: inputs, model, tokens, cost. */
  history(id: string, stage: number): Promise<readonly HistoryEntry[]>;
  /**
   * What changed from one revision to another. Default of `to`: the document as it is on disk.
   * @throws StoreError `STORE_REVISION_NOT_FOUND`
   */
  diff(id: string, stage: number, from: RevisionName, to?: RevisionName): Promise<TextDiff>;
  /**
   * Makes the text of an older revision current again, as a new revision, which is returned.
   * @throws PlanError `PLAN_STAGE_BUSY`; StoreError `STORE_REVISION_NOT_FOUND`
   */
  restore(id: string, stage: number, revision: number): Promise<number>;
  /**
   * The revisions that people name as `2@3` (stage 2, revision 3), or as `3` where `stage` is given or only one stage has
   * such a revision. All must be of one stage; a name that is not clear is a `TypeError`.
   * @throws PlanError `PLAN_STAGE_UNKNOWN`; StoreError `STORE_REVISION_NOT_FOUND`
   */
  findRevisions(id: string, names: readonly string[], stage?: number): Promise<FoundRevisions>;
  /** The document of a stage as it is on disk; undefined when there is none. */
  document(id: string, stage: number): Promise<StageDocument | undefined>;
  /**
   * Replaces the document of a stage by what `change` makes of it, as a new revision; what follows from it becomes stale.
   * @returns the revision, or undefined when the text is as it was
   * @throws PlanError `PLAN_DEPENDENCY_UNMET` when there is no document; `PLAN_DOCUMENT_CHANGED`, `PLAN_STAGE_BUSY`
   */
  edit(id: string, stage: number, change: EditText): Promise<number | undefined>;
  /**
   * Makes the document of a stage what `document` said of it before. What it is now stays in the history.
   * @throws PlanError `PLAN_STAGE_BUSY`
   */
  revert(id: string, stage: number, before: StageDocument | undefined): Promise<void>;
  /**
   * Writes all documents to a folder; all files or none, none over another without `force`.
   * @throws PlanError `PLAN_DEPENDENCY_UNMET` when there is no document; `PLAN_EXTRACT_…`
   */
  export(id: string, dir: string, options?: ExportOptions): Promise<ProjectExport>;
  /** Makes a text that a person wrote the document of a stage, whatever it was. @throws PlanError `PLAN_STAGE_BUSY` */
  writeDocument(id: string, stage: number, text: string): Promise<void>;
  /** The templates of a project, its own before the user's before the built-in ones, and which of them are outdated. */
  templates(id: string): Promise<readonly TemplateInfo[]>;
  /**
   * What a stage would be asked, and with which variables; also when documents that it needs are missing.
   * @throws PlanError `PLAN_STAGE_UNKNOWN`, `PLAN_TEMPLATE_…`
   */
  debug(id: string, options: DebugOptions): Promise<DebuggedPrompt>;
  /**
   * Reads code for the prompts of later runs, in place of what was imported before; what is made from it becomes stale.
   * @throws PlanError `PLAN_IMPORT_…`
   */
  importCode(id: string, files: readonly string[], options?: ImportCodeOptions): Promise<CodeImport>;
  /**
   * Writes the files that a stage's document holds; see `extractCode`.
   * @throws PlanError `PLAN_DEPENDENCY_UNMET` when there is no document; `PLAN_EXTRACT_…`
   */
  extractCode(id: string, stage: number, dir: string, options?: ExtractCodeOptions): Promise<CodeExtraction>;
  /** Takes imported code out again. @returns whether there was any */
  removeCode(id: string): Promise<boolean>;
}
