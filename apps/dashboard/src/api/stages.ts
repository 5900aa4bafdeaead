import { getJson, postJson, putJson, queryOf } from './client.js';
import { postForEvents, type StreamEvent } from './event-stream.js';
import { projectPath, type StageStatus } from './projects.js';

/** `/api/projects/ID/stages/N` */
export interface StageReport extends StageStatus {
  readonly document: StageDocument | null;
  /** The text so far of a run in progress, or of an interrupted one. */
  readonly partialText: string | null;
}

interface StageDocument {
  readonly text: string;
  readonly contentHash: string;
  readonly revision?: number;
  readonly edited: boolean;
  readonly path: string;
}

export interface StageRevision {
  readonly revision: number;
  readonly origin: 'run' | 'edit' | 'restore';
  readonly current: boolean;
  /** Epoch, ms. */
  readonly createdAt: number;
  readonly model?: string;
  readonly tokens?: { readonly input: number; readonly output: number };
  /** US dollars; absent when it is not known. */
  readonly costUsd?: number;
  readonly cache?: string;
  readonly inputs: readonly {
    readonly stage: number;
    readonly name: string;
    readonly revision: number;
    readonly edited: boolean;
  }[];
}

/** What changed between two revisions. */
export interface TextDiff {
  /** Empty when the texts are the same. */
  readonly unified: string;
  readonly linesAdded: number;
  readonly linesRemoved: number;
}

/** How a run uses the response cache. */
export type RunCache = 'default' | 'refresh' | 'bypass' | 'only-if-cached';

/** Settings of a run; absent ones are taken from the project and the configuration. */
export interface RunSettings {
  readonly model?: string;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly cache?: RunCache;
  /** US dollars; never exceeded. */
  readonly maxCost?: number;
}

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
