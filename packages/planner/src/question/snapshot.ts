import type { LockOwner, Project, ProjectStore, StageDocument, StageState } from '@ai-toolkit/project-store';
import { type CodeContext, readCodeContext } from '../code/import/code-context.js';
import type { StageDefinition } from '../stages/stage-definition.js';
import type { StageGraph } from '../stages/stage-graph.js';

/** A project with everything its stages are judged by, read together. */
export interface Snapshot {
  readonly project: Project;
  readonly idea: string;
  /** Current documents, by stage number. */
  readonly documents: ReadonlyMap<number, StageDocument>;
  /** Imported code; undefined if there is none. */
  readonly context: CodeContext | undefined;
}

export async function readSnapshot(store: ProjectStore, graph: StageGraph, id: string): Promise<Snapshot> {
  const idea = await store.readIdea(id);
  const documents = new Map<number, StageDocument>();
  for (const stage of graph.inOrder) {
    const document = await store.readStage(id, refOf(stage));
    if (document !== undefined) documents.set(stage.id, document);
  }
  // Last, so that it includes a commit finished by one of the reads above.
  const project = await store.get(id);
  return { project, idea, documents, context: await readCodeContext(project) };
}

/** The stored state of a stage. Ignores that of another stage which had the same number in an earlier pipeline. */
export function stateOf({ project }: Snapshot, stage: StageDefinition): StageState | undefined {
  const state = project.stages[stage.id];
  return state?.slug === stage.slug ? state : undefined;
}

/** Further facts that only the status needs. */
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
