import type {
  PlannedCall,
  PlanStep,
  ProjectPlan,
  ProjectStatus,
  StageStatus,
  StageStatusName,
} from '@ai-toolkit/planner';
import type { DamagedProject, ProjectSummary, NewProject as StoredProject } from '@ai-toolkit/project-store';
import { deleteJson, getJson, patchJson, postJson, queryOf } from './client.js';

export type {
  DamagedProject,
  PlannedCall,
  PlanStep,
  ProjectPlan,
  ProjectSummary,
  StageStatus,
  StageStatusName,
};

/** `/api/projects/ID` */
export interface ProjectReport extends ProjectStatus {
  readonly idea: string;
}

/** The server chooses the folder. */
type NewProject = Omit<StoredProject, 'path'>;

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
