import type { Planner, PlannerOptions, PlanStep, ProjectStatus, StageSelection } from './planner.js';
import { createQuestioner, requireNeeds } from './question/question.js';
import { readActivity, readSnapshot, refOf, type Snapshot } from './question/snapshot.js';
import { checkSettings } from './question/stage-settings.js';
import { createStageRunner, lockStage } from './run/run-stage.js';
import { runStages } from './run/run-stages.js';
import { judgeStage, type StageStatus } from './stage-status.js';
import { sixStages } from './stages/six-stages.js';
import type { StageDefinition } from './stages/stage-definition.js';
import { createStageGraph } from './stages/stage-graph.js';
import { createTemplateSource } from './templates/template-source.js';

const defaultConcurrency = 2;

/** @throws PlanError `PLAN_GRAPH_INVALID` */
export function createPlanner(options: PlannerOptions): Planner {
  const { store, client, templates = createTemplateSource() } = options;
  const graph = createStageGraph(options.stages ?? sixStages);
  const { model, maxTokens, temperature } = options;
  const defaults = checkSettings({
    ...(model === undefined ? {} : { model }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  });
  const questioner = createQuestioner(graph, templates, defaults);
  const runner = createStageRunner({ store, client, graph, questioner, defaults });

  function select(snapshot: Snapshot, { stages, stale = false }: StageSelection): StageDefinition[] {
    const wanted = stages === undefined ? undefined : new Set(stages.map((id) => graph.stage(id).id));
    return graph.inOrder.filter(
      ({ id }) => (wanted === undefined || wanted.has(id)) && (!stale || snapshot.documents.has(id)),
    );
  }

  async function judge(id: string): Promise<{ snapshot: Snapshot; stages: Map<number, StageStatus> }> {
    const snapshot = await readSnapshot(store, graph, id);
    const stages = new Map<number, StageStatus>();
    for (const stage of graph.inOrder) {
      const activity = await readActivity(store, id, stage);
      stages.set(stage.id, await judgeStage(graph, questioner, snapshot, stage, activity, stages));
    }
    return { snapshot, stages };
  }

  return {
    stages: graph.inOrder,

    runStage: (id, stage, runOptions = {}) => runner.run(id, graph.stage(stage), runOptions),

    async *run(id, { stages, stale = false, concurrency = defaultConcurrency, ...runOptions } = {}) {
      if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
        throw new RangeError(`concurrency must be a positive whole number, received ${String(concurrency)}`);
      }
      runOptions.signal?.throwIfAborted();
      const snapshot = await readSnapshot(store, graph, id);
      const selected = select(snapshot, { ...(stages === undefined ? {} : { stages }), stale });
      // As it will be when the selected stages have run: what is missing then is missed before anything is spent.
      const present = new Set([...snapshot.documents.keys(), ...selected.map((stage) => stage.id)]);
      for (const stage of selected) {
        try {
          requireNeeds(graph, present, stage);
        } catch (error) {
          yield { type: 'failed', stage: stage.id, name: stage.name, error };
          throw error;
        }
      }
      yield* runStages(runner, id, selected, concurrency, { ...runOptions, force: false });
    },

    async plan(id, selection = {}) {
      const { snapshot, stages } = await judge(id);
      const running = new Set<number>();
      return select(snapshot, selection).map((stage): PlanStep => {
        const byHand = snapshot.project.stages[stage.id]?.identity === undefined;
        const step = planStep(stage, stages.get(stage.id), byHand, running);
        if (step.action !== 'skip') running.add(stage.id);
        return step;
      });
    },

    async status(id): Promise<ProjectStatus> {
      const { snapshot, stages } = await judge(id);
      return { project: snapshot.project, stages: [...stages.values()] };
    },

    async resetStage(id, number) {
      const stage = graph.stage(number);
      const lock = await lockStage(store, id, stage);
      try {
        await store.resetStage(id, refOf(stage));
      } finally {
        await lock.release();
      }
    },
  };
}

function planStep(
  stage: StageDefinition,
  status: StageStatus | undefined,
  byHand: boolean,
  running: ReadonlySet<number>,
): PlanStep {
  const about = { stage: stage.id, name: stage.name };
  if (status?.status === 'running') return { ...about, action: 'wait', why: status.why };
  const before = stage.needs
    .filter((need) => running.has(need))
    .map((need) => `stage ${need} runs before it`);
  if (status === undefined || status.status === 'not-started') {
    return { ...about, action: 'run', why: ['it has no document yet'] };
  }
  if (status.status !== 'done') return { ...about, action: 'run', why: status.why };
  if (before.length > 0 && !byHand) return { ...about, action: 'run', why: before };
  return {
    ...about,
    action: 'skip',
    why: byHand ? status.why : ['nothing that it is made from has changed'],
  };
}
