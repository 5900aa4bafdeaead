import type { LockOwner, Project, ProjectStore, StageDocument, StageState } from '@ai-toolkit/project-store';
import { type CodeContext, readCodeContext } from '../code/import/code-context.js';
import type { StageDefinition } from '../stages/stage-definition.js';
import type { StageGraph } from '../stages/stage-graph.js';

/** A project with all that its stages are judged by, read at one time. */
export interface Snapshot {
  readonly project: Project;
  readonly idea: string;
  /** Current documents, by stage number. */
  readonly documents: ReadonlyMap<number, StageDocument>;
  /** Code that was imported; undefined when there is none. */
  readonly context: CodeContext | undefined;
}

export async function readSnapshot(store: ProjectStore, graph: StageGraph, id: string): Promise<Snapshot> {
  const idea = await store.readIdea(id);
  const documents = new Map<number, StageDocument>();
  for (const stage of graph.inOrder) {
    const document = await store.readStage(id, refOf(stage));
    if (document !== undefined) documents.set(stage.id, document);
  }
  // Last, so that a commit which a reader had to finish is already in it.
  const project = await store.get(id);
  return { project, idea, documents, context: await readCodeContext(project) };
}

/** What is kept of a stage. A record of another stage, which had its number in another pipeline, is none. */
export function stateOf({ project }: Snapshot, stage: StageDefinition): StageState | undefined {
  const state = project.stages[stage.id];
  return state?.slug === stage.slug ? state : undefined;
}

/** What only a reader of the state wants to know besides. */
export interface Activity {
  readonly holder: LockOwner | undefined;
  readonly partial: boolean;
}

export async function readActivity(
  store: ProjectStore,
  id: string,
  stage: StageDefinition,
): Promise<Activity> {
  const [holder, partial] = await Promise.all([
    store.stageHolder(id, refOf(stage)),
    store.readPartial(id, refOf(stage)),
  ]);
  return { holder, partial: partial !== undefined };
}

export function refOf({ id, slug }: StageDefinition): { number: number; slug: string } {
  return { number: id, slug };
}
