import { type ProjectStore, StoreError } from '@ai-toolkit/project-store';
import { PlanError } from '../plan-error.js';
import { refOf } from '../question/snapshot.js';
import type { StageDefinition } from '../stages/stage-definition.js';
import type { StageGraph } from '../stages/stage-graph.js';
import type { RevisionName } from './history.js';

/** Revisions of one stage. */
export interface FoundRevisions {
  readonly stage: number;
  /** In the order in which they were given. */
  readonly revisions: readonly RevisionName[];
}

const shape = /^(?:(?<stage>[^@]+)@)?(?<revision>[1-9]\d{0,8}|current)$/u;

interface Named {
  readonly stage: StageDefinition | undefined;
  readonly revision: RevisionName;
}

/**
 * Resolves revision names as people write them: `2@3` (stage 2, revision 3), `initial-plan@3`, `2@current`, or `3` if
 * the stage is given or only one stage has such a revision. All must belong to one stage; an unclear name is a
 * `TypeError`.
 * @throws PlanError `PLAN_STAGE_UNKNOWN`; StoreError `STORE_REVISION_NOT_FOUND`
 */
export async function findRevisions(
  store: ProjectStore,
  graph: StageGraph,
  id: string,
  names: readonly string[],
  given: number | undefined,
): Promise<FoundRevisions> {
  const named = names.map((name) => parseName(graph, name));
  const stages = named.flatMap(({ stage }) => (stage === undefined ? [] : [stage]));
  if (given !== undefined) stages.push(graph.stage(given));
  const [first, other] = [...new Set(stages)];
  if (other !== undefined) {
    throw new TypeError(`${names.join(' and ')} must be revisions of one stage.`);
  }
  const revisions = named.map(({ revision }) => revision);
  const { id: stage } = first ?? (await onlyStageWith(store, graph, id, revisions));
  return { stage, revisions };
}

function parseName(graph: StageGraph, name: string): Named {
  const { stage, revision } = shape.exec(name.trim())?.groups ?? {};
  if (revision === undefined) {
    throw new TypeError(`A revision looks like 2@3 (stage 2, revision 3), not like ${JSON.stringify(name)}.`);
  }
  return {
    stage: stage === undefined ? undefined : stageNamed(graph, stage),
    revision: revision === 'current' ? revision : Number(revision),
  };
}

function stageNamed(graph: StageGraph, name: string): StageDefinition {
  if (/^\d+$/u.test(name)) return graph.stage(Number(name));
  const found = graph.inOrder.find(({ id, slug }) => name === slug || name === `${id}-${slug}`);
  if (found !== undefined) return found;
  throw new PlanError('PLAN_STAGE_UNKNOWN', `There is no stage ${JSON.stringify(name)}.`, {
    hint: `The stages are: ${graph.inOrder.map(({ id, slug }) => `${id} ${slug}`).join(', ')}.`,
  });
}

async function onlyStageWith(
  store: ProjectStore,
  graph: StageGraph,
  id: string,
  revisions: readonly RevisionName[],
): Promise<StageDefinition> {
  const numbers = revisions.filter((revision) => revision !== 'current');
  const [wanted] = numbers;
  if (wanted === undefined) throw new TypeError('Say of which stage, such as 2@current.');
  const fitting: StageDefinition[] = [];
  for (const stage of graph.inOrder) {
    const known = new Set((await store.listRevisions(id, refOf(stage))).map(({ revision }) => revision));
    if (numbers.every((number) => known.has(number))) fitting.push(stage);
  }
  const [only, second] = fitting;
  if (only === undefined) {
    throw new StoreError(
      'STORE_REVISION_NOT_FOUND',
      `No stage of ${id} has ${numbers.length === 1 ? 'a revision' : 'revisions'} ${numbers.join(' and ')}.`,
      { hint: 'Look at the history.' },
    );
  }
  if (second === undefined) return only;
  throw new TypeError(
    `Several stages have a revision ${wanted}: ${fitting.map((stage) => `${stage.id}@${wanted}`).join(', ')}. Say which.`,
  );
}
