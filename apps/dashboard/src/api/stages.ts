import type { HistoryEntry as StageRevision, StageRunOptions, TextDiff } from '@ai-toolkit/planner';
import type { StageDocument } from '@ai-toolkit/project-store';
import { getJson, postJson, putJson, queryOf } from './client.js';
import { postForEvents, type StreamEvent } from './event-stream.js';
import { projectPath, type StageStatus } from './projects.js';

export type { StageRevision, TextDiff };

/** `/api/projects/ID/stages/N` */
export interface StageReport extends StageStatus {
  readonly document: StageDocument | null;
  /** The text so far of a run in progress, or of an interrupted one. */
  readonly partialText: string | null;
}

/** What a run is asked with; what is absent is as the project and the configuration have it. */
export type RunSettings = Pick<StageRunOptions, 'model' | 'maxTokens' | 'temperature' | 'cache' | 'maxCost'>;

/** How the response cache is used by a run. */
export type RunCache = NonNullable<RunSettings['cache']>;

export interface ProjectRunSettings extends RunSettings {
  /** Only stages whose document is stale. */
  readonly stale?: boolean;
}

export function fetchStage(id: string, stage: number, signal: AbortSignal): Promise<StageReport> {
  return getJson<StageReport>(stagePath(id, stage), { signal });
}

export async function writeDocument(id: string, stage: number, text: string): Promise<void> {
  await putJson(stagePath(id, stage), { text });
}

/** Sets a stage back to not started. Its revisions stay. */
export async function resetStage(id: string, stage: number): Promise<void> {
  await postJson(`${stagePath(id, stage)}/reset`, undefined);
}

/** Oldest first. */
export async function fetchHistory(
  id: string,
  stage: number,
  signal: AbortSignal,
): Promise<readonly StageRevision[]> {
  type Answer = { revisions: readonly StageRevision[] };
  return (await getJson<Answer>(`${stagePath(id, stage)}/history`, { signal })).revisions;
}

export function fetchDiff(
  id: string,
  stage: number,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<TextDiff> {
  return getJson<TextDiff>(`${stagePath(id, stage)}/diff${queryOf({ from, to })}`, { signal });
}

export async function restoreRevision(id: string, stage: number, revision: number): Promise<void> {
  await postJson(`${stagePath(id, stage)}/restore`, { revision });
}

/** Runs a stage and yields the events; leaving the loop ends the run. */
export function runStage(
  id: string,
  stage: number,
  settings: RunSettings,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent, void, void> {
  return postForEvents(`${stagePath(id, stage)}/run`, settings, signal);
}

/** The same for all missing or stale stages of a project. */
export function runProject(
  id: string,
  settings: ProjectRunSettings,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent, void, void> {
  return postForEvents(`${projectPath(id)}/run`, settings, signal);
}

function stagePath(id: string, stage: number): string {
  return `${projectPath(id)}/stages/${stage}`;
}
