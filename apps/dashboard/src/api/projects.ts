import { deleteJson, getJson, patchJson, postJson, queryOf } from './client.js';

export interface ProjectSummary {
  readonly kind: 'project';
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Epoch, ms. */
  readonly createdAt: number;
  /** Epoch, ms. */
  readonly updatedAt: number;
  /** Number of stages that have a document. */
  readonly stagesDone: number;
  readonly path: string;
}

/** A folder that cannot be read as a project. */
export interface DamagedProject {
  readonly kind: 'damaged';
  readonly path: string;
  readonly reason: string;
}

export type StageStatusName = 'not-started' | 'partial' | 'failed' | 'running' | 'stale' | 'done';

export interface StageStatus {
  readonly stage: number;
  readonly name: string;
  readonly needs: readonly number[];
  readonly status: StageStatusName;
  /** Reasons for the status, each a clause. */
  readonly why: readonly string[];
  /** The document differs from the revision it came from. */
  readonly edited: boolean;
  /** The text of an interrupted run has been kept. */
  readonly partial: boolean;
  /** The document was cut short by the token limit. */
  readonly truncated: boolean;
  readonly path?: string;
  readonly revision?: number;
  readonly model?: string;
  readonly tokens?: { readonly input: number; readonly output: number };
  /** US dollars; absent when it is not known. */
  readonly costUsd?: number;
  /** Epoch, ms. */
  readonly finishedAt?: number;
}

/** `/api/projects/ID` */
export interface ProjectReport {
  readonly project: Pick<
    ProjectSummary,
    'id' | 'name' | 'description' | 'tags' | 'createdAt' | 'updatedAt' | 'path'
  > & { readonly version: number };
  readonly idea: string;
  /** In the order in which they can run. */
  readonly stages: readonly StageStatus[];
  readonly totals: {
    readonly stages: number;
    readonly documents: number;
    readonly tokens: { readonly input: number; readonly output: number };
    readonly costUsd?: number;
  };
}

/** The call that a stage would make; its counts are estimates. */
export interface PlannedCall {
  readonly model?: string;
  readonly cache: 'hit' | 'miss' | 'unknown';
  /** Stages that must run before the prompt is known. */
  readonly until: readonly number[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; 0 for a hit, absent when the price is not known. */
  readonly costUsd?: number;
}

export interface PlanStep {
  readonly stage: number;
  readonly name: string;
  readonly action: 'run' | 'skip' | 'wait' | 'blocked';
  readonly why: readonly string[];
  /** With `run`. */
  readonly call?: PlannedCall;
}

/** `/api/projects/ID/plan` */
export interface ProjectPlan {
  readonly steps: readonly PlanStep[];
  readonly calls: number;
  readonly hits: number;
  /** Of all calls but hits. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; absent if the cost of any call is unknown. */
  readonly costUsd?: number;
}

export interface NewProject {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly idea?: string;
}

export async function fetchProjects(
  signal: AbortSignal,
): Promise<ReadonlyArray<ProjectSummary | DamagedProject>> {
  type Answer = { projects: ReadonlyArray<ProjectSummary | DamagedProject> };
  return (await getJson<Answer>('api/projects', { signal })).projects;
}

export function fetchProject(id: string, signal: AbortSignal): Promise<ProjectReport> {
  return getJson<ProjectReport>(projectPath(id), { signal });
}

export function fetchPlan(id: string, isStale: boolean, signal: AbortSignal): Promise<ProjectPlan> {
  return getJson<ProjectPlan>(`${projectPath(id)}/plan${queryOf({ stale: isStale || undefined })}`, {
    signal,
  });
}

export function createProject(project: NewProject): Promise<ProjectReport> {
  return postJson<ProjectReport>('api/projects', project);
}

/** Fails with 409 if the project has been changed since `expectedVersion`. */
export function changeProject(
  id: string,
  change: Partial<NewProject> & { readonly expectedVersion: number },
): Promise<ProjectReport> {
  return patchJson<ProjectReport>(projectPath(id), change);
}

/** Moves a project to the trash. */
export async function deleteProject(id: string): Promise<void> {
  await deleteJson(projectPath(id));
}

export function projectPath(id: string): string {
  return `api/projects/${encodeURIComponent(id)}`;
}
