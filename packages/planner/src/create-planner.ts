import { extractCode } from './code/extract/extract-code.js';
import { type Budget, createBudget } from './cost/budget.js';
import { createMeter } from './cost/meter.js';
import { type Course, createCourses } from './course.js';
import { editDocument, replaceDocument, revertDocument } from './documents/edit-document.js';
import { type Judged, planRun } from './plan/plan-run.js';
import type { Planner, PlannerOptions, ProjectStatus, StageSelection } from './planner.js';
import { debugPrompt } from './question/debug-prompt.js';
import { requireNeeds, unmetNeeds } from './question/question.js';
import { readActivity, readSnapshot, refOf, type Snapshot } from './question/snapshot.js';
import { checkSettings, type StageSettings } from './question/stage-settings.js';
import { createStageRunner } from './run/run-stage.js';
import { runStages } from './run/run-stages.js';
import { withStageLock } from './run/stage-lock.js';
import { judgeStage, type StageStatus } from './stage-status.js';
import { sixStages } from './stages/six-stages.js';
import type { StageDefinition } from './stages/stage-definition.js';
import { createStageGraph, type StageGraph } from './stages/stage-graph.js';
import { totalsOf } from './status-totals.js';
import { describeTemplates } from './templates/describe-templates.js';
import { createTemplateSource } from './templates/template-source.js';

const defaultConcurrency = 2;

/** Creates a planner. @throws PlanError `PLAN_GRAPH_INVALID` */
export function createPlanner(options: PlannerOptions): Planner {
  const { store, client, templates = createTemplateSource(), stages = sixStages } = options;
  const common = createStageGraph(stages);
  const courseOf = createCourses({ store, common, templates, defaults: defaultsOf(options) });
  const meter = createMeter(options);
  const runner = createStageRunner({ store, client, meter });

  async function judge({ graph, questioner }: Course, id: string): Promise<Judged> {
    const snapshot = await readSnapshot(store, graph, id);
    const judged = new Map<number, StageStatus>();
    for (const stage of graph.inOrder) {
      const activity = await readActivity(store, id, stage);
      judged.set(stage.id, await judgeStage(graph, questioner, snapshot, stage, activity, judged));
    }
    return { snapshot, stages: judged };
  }

  async function findStage(id: string, number: number): Promise<{ course: Course; stage: StageDefinition }> {
    const course = await courseOf(id);
    return { course, stage: course.graph.stage(number) };
  }

  return {
    stages: common.inOrder,

    stagesOf: async (id) => (await courseOf(id)).graph.inOrder,

    async *runStage(id, number, { maxCost, ...runOptions } = {}) {
      const budget = budgetOf(maxCost);
      runOptions.signal?.throwIfAborted();
      const { course, stage } = await findStage(id, number);
      yield* runner.run(course, id, stage, { ...runOptions, ...budget });
    },

    async *run(id, runOptions = {}) {
      const { stages: only, stale = false, concurrency = defaultConcurrency, maxCost, ...rest } = runOptions;
      if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
        throw new RangeError(`concurrency must be a positive whole number, received ${String(concurrency)}`);
      }
      const budget = budgetOf(maxCost);
      rest.signal?.throwIfAborted();
      const course = await courseOf(id);
      const { graph } = course;
      const snapshot = await readSnapshot(store, graph, id);
      const selected = select(graph, snapshot, only === undefined ? { stale } : { stages: only, stale });
      // The documents present once the selected stages have run: anything missing then is reported before money is spent.
      const present = new Set([...snapshot.documents.keys(), ...selected.map((stage) => stage.id)]);
      for (const stage of selected) {
        try {
          requireNeeds(graph, present, stage);
        } catch (error) {
          yield { type: 'failed', stage: stage.id, name: stage.name, error };
          throw error;
        }
      }
      const shared = { ...rest, ...budget, force: false };
      yield* runStages(
        selected,
        concurrency,
        (stage, signal) => runner.run(course, id, stage, { ...shared, signal }),
        rest.signal,
      );
    },

    async plan(id, planOptions = {}) {
      const { stages: only, stale, cache, signal, maxCost, ...settings } = planOptions;
      const { budget } = budgetOf(maxCost);
      const chosen = checkSettings(settings);
      signal?.throwIfAborted();
      const course = await courseOf(id);
      const judged = await judge(course, id);
      const selected = select(course.graph, judged.snapshot, {
        ...(only === undefined ? {} : { stages: only }),
        ...(stale === undefined ? {} : { stale }),
      });
      const callOptions = {
        ...(cache === undefined ? {} : { cache }),
        ...(signal === undefined ? {} : { signal }),
      };
      return planRun(course, judged, selected, chosen, callOptions, { meter, budget });
    },

    async status(id): Promise<ProjectStatus> {
      const { snapshot, stages: judged } = await judge(await courseOf(id), id);
      const all = [...judged.values()];
      return { project: snapshot.project, stages: all, totals: totalsOf(all) };
    },

    async resetStage(id, number) {
      const { stage } = await findStage(id, number);
      await withStageLock(store, id, stage, () => store.resetStage(id, refOf(stage)));
    },

    async history(id, number) {
      const { course, stage } = await findStage(id, number);
      const { stageHistory } = await loadHistory();
      return stageHistory(store, course.graph, id, stage);
    },

    async diff(id, number, from, to = 'current') {
      const { stage } = await findStage(id, number);
      const { diffRevisions } = await loadHistory();
      return diffRevisions(store, id, stage, from, to);
    },

    async restore(id, number, revision) {
      const { stage } = await findStage(id, number);
      const restored = await withStageLock(store, id, stage, () =>
        store.restoreRevision(id, refOf(stage), revision),
      );
      return restored.revision;
    },

    async findRevisions(id, names, stage) {
      const { graph } = await courseOf(id);
      const { findRevisions } = await loadHistory();
      return findRevisions(store, graph, id, names, stage);
    },

    async document(id, number) {
      const { stage } = await findStage(id, number);
      return store.readStage(id, refOf(stage));
    },

    async edit(id, number, change) {
      const { stage } = await findStage(id, number);
      return editDocument(store, id, stage, change);
    },

    async revert(id, number, before) {
      const { stage } = await findStage(id, number);
      await revertDocument(store, id, stage, before);
    },

    async export(id, dir, exportOptions = {}) {
      const { graph } = await courseOf(id);
      const { exportProject } = await import('./export/export-project.js');
      return exportProject(store, graph, id, dir, exportOptions);
    },

    async writeDocument(id, number, text) {
      const { stage } = await findStage(id, number);
      await replaceDocument(store, id, stage, text);
    },

    templates: async (id) => describeTemplates((await courseOf(id)).templates),

    async debug(id, debugOptions) {
      const { graph, questioner } = await courseOf(id);
      return debugPrompt(graph, questioner, await readSnapshot(store, graph, id), debugOptions);
    },

    async importCode(id, files, importOptions = {}) {
      const { importCode } = await loadImport();
      const count = (text: string): number => meter.count(text, options.model);
      return importCode(await store.get(id), files, importOptions, count);
    },

    async removeCode(id) {
      const { removeCode } = await loadImport();
      return removeCode(await store.get(id));
    },

    async extractCode(id, number, dir, extractOptions) {
      const { stage } = await findStage(id, number);
      const document = await store.readStage(id, refOf(stage));
      if (document === undefined)
        throw unmetNeeds([stage], `Stage ${number} (${stage.name}) has no document.`);
      return extractCode(document.text, dir, extractOptions);
    },
  };
}

// Loaded on demand: a status should not wait for libraries it does not use.
const loadHistory = async () => ({
  ...(await import('./history/history.js')),
  ...(await import('./history/find-revisions.js')),
});
const loadImport = () => import('./code/import/import-code.js');

function defaultsOf({ model, maxTokens, temperature }: PlannerOptions): StageSettings {
  return checkSettings({
    ...(model === undefined ? {} : { model }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  });
}

function budgetOf(maxCost: number | undefined): { readonly budget?: Budget } {
  return maxCost === undefined ? {} : { budget: createBudget(maxCost) };
}

function select(
  graph: StageGraph,
  snapshot: Snapshot,
  { stages, stale = false }: StageSelection,
): StageDefinition[] {
  const wanted = stages === undefined ? undefined : new Set(stages.map((id) => graph.stage(id).id));
  return graph.inOrder.filter(
    ({ id }) => (wanted === undefined || wanted.has(id)) && (!stale || snapshot.documents.has(id)),
  );
}
