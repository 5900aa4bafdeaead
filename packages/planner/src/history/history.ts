import type { ProjectStore, Revision } from '@ai-toolkit/project-store';
import { refOf } from '../question/snapshot.js';
import type { StageDefinition } from '../stages/stage-definition.js';
import type { StageGraph } from '../stages/stage-graph.js';
import { diffTexts, type TextDiff } from './diff-texts.js';

/** A document of another stage that a revision was made from. */
export interface RevisionInput {
  readonly stage: number;
  readonly name: string;
  /** 0 for a document that was added by hand. */
  readonly revision: number;
  /** Whether a hand-edited version of that revision was used. */
  readonly edited: boolean;
}

/** A revision of a stage's document, with its inputs. */
export interface HistoryEntry
  extends Omit<Revision, 'stage' | 'inputRevisions' | 'ingredients' | 'identity'> {
  readonly stage: number;
  readonly name: string;
  readonly inputs: readonly RevisionInput[];
  /** Whether it is the current one. */
  readonly current: boolean;
}

/** A revision, or the document on disk including hand edits. */
export type RevisionName = number | 'current';

/** The revisions of a stage, oldest first, each with its inputs. */
export async function stageHistory(
  store: ProjectStore,
  graph: StageGraph,
  id: string,
  stage: StageDefinition,
): Promise<HistoryEntry[]> {
  const [revisions, project] = await Promise.all([store.listRevisions(id, refOf(stage)), store.get(id)]);
  const state = project.stages[stage.id];
  const current = state?.slug === stage.slug ? state.revision : undefined;
  const ofInputs = new Map<number, Promise<readonly Revision[]>>();
  return Promise.all(
    revisions.map(async ({ inputRevisions = {}, ingredients = {}, identity: _identity, ...facts }) => ({
      ...facts,
      name: stage.name,
      current: facts.revision === current,
      inputs: await Promise.all(
        Object.entries(inputRevisions).map(async ([number, revision]) => ({
          stage: Number(number),
          name: graph.inOrder.find((one) => one.id === Number(number))?.name ?? `Stage ${number}`,
          revision,
          edited: await wasEdited(Number(number), revision, ingredients[`stage ${number}`]),
        })),
      ),
    })),
  );

  /** Whether the text used differs from that of its revision. */
  async function wasEdited(number: number, revision: number, used: string | undefined): Promise<boolean> {
    const known = (await revisionsOf(number)).find((one) => one.revision === revision);
    return known !== undefined && used !== undefined && !known.contentHash.startsWith(used);
  }

  function revisionsOf(number: number): Promise<readonly Revision[]> {
    const input = graph.inOrder.find((one) => one.id === number);
    if (input === undefined) return Promise.resolve([]);
    const loading = ofInputs.get(number) ?? store.listRevisions(id, refOf(input));
    ofInputs.set(number, loading);
    return loading;
  }
}

/** @throws StoreError `STORE_REVISION_NOT_FOUND` */
export async function diffRevisions(
  store: ProjectStore,
  id: string,
  stage: StageDefinition,
  from: RevisionName,
  to: RevisionName,
): Promise<TextDiff> {
  const [before, after] = await Promise.all([text(from), text(to)]);
  return diffTexts(
    { name: `${stage.id}-${stage.slug}@${from}`, text: before },
    { name: `${stage.id}-${stage.slug}@${to}`, text: after },
  );

  async function text(revision: RevisionName): Promise<string> {
    if (revision !== 'current') return (await store.readRevision(id, refOf(stage), revision)).text;
    return (await store.readStage(id, refOf(stage)))?.text ?? '';
  }
}
