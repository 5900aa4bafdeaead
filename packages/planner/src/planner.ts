import type { AiClient } from '@ai-toolkit/ai-client';
import type { Project, ProjectStore } from '@ai-toolkit/project-store';
import type { PlannerEvent } from './run/planner-event.js';
import type { StageRunOptions } from './run/run-stage.js';
import type { StageStatus } from './stage-status.js';
import type { StageDefinition } from './stages/stage-definition.js';
import type { TemplateSource } from './templates/template-source.js';

export interface PlannerOptions {
  readonly store: ProjectStore;
  /** Any `AiClient`; only its streaming is used. */
  readonly client: Pick<AiClient, 'generateStreaming'>;
  /** Default: the built-in templates. */
  readonly templates?: TemplateSource;
  /** Default: the six stages from Initial Plan to Code Generation and Review. */
  readonly stages?: readonly StageDefinition[];
  /** Model for stages that choose none. Default: the client's. Changing it makes their documents stale. */
  readonly model?: string;
  /** As `model`. Default: the provider's limit. */
  readonly maxTokens?: number;
  /** As `model`. Default: the provider's. */
  readonly temperature?: number;
}

/** Which stages a run or a plan is about. */
export interface StageSelection {
  /** Default: all. */
  readonly stages?: readonly number[];
  /** Only those that have a document which is stale. Default: false, those without a document too. */
  readonly stale?: boolean;
}

export interface RunOptions extends StageSelection, Omit<StageRunOptions, 'template' | 'force'> {
  /** Stages in progress at once, where the graph allows it. Default: 2. */
  readonly concurrency?: number;
}

export interface ProjectStatus {
  readonly project: Project;
  /** In the order in which they can run. */
  readonly stages: readonly StageStatus[];
}

/** What `run` would do with a stage. */
export interface PlanStep {
  readonly stage: number;
  readonly name: string;
  /** `wait`: another process is running it. */
  readonly action: 'run' | 'skip' | 'wait';
  readonly why: readonly string[];
}

/**
 * Runs a project's stages. `id` is whatever the store takes. Failures of the store and the client pass through, those
 * of the planner are `PlanError`.
 */
export interface Planner {
  /** In the order in which they can run. */
  readonly stages: readonly StageDefinition[];
  /**
   * Runs one stage, or skips it when it would ask what its document already answers. A failure is an event and is then
   * thrown: a loop that ends normally means that the document is there. Leaving the loop early ends the run.
   * @throws PlanError `PLAN_DEPENDENCY_UNMET`, `PLAN_STAGE_UNKNOWN`, `PLAN_STAGE_BUSY`, `PLAN_TEMPLATE_…`, `PLAN_OUTPUT_…`
   */
  runStage(id: string, stage: number, options?: StageRunOptions): AsyncGenerator<PlannerEvent, void, void>;
  /**
   * Runs what is missing or stale, each stage after those that it needs, independent ones side by side. Throws before
   * anything is asked when a stage needs one that has no document and is not selected. When a stage fails, those that do
   * not depend on it still run; the first failure is thrown after the last event.
   */
  run(id: string, options?: RunOptions): AsyncGenerator<PlannerEvent, void, void>;
  /** What `run` would do. Asks nobody. */
  plan(id: string, selection?: StageSelection): Promise<readonly PlanStep[]>;
  /** Asks nobody. */
  status(id: string): Promise<ProjectStatus>;
  /** Back to not started. The stage's revisions stay in its history. @throws PlanError `PLAN_STAGE_BUSY` */
  resetStage(id: string, stage: number): Promise<void>;
}
