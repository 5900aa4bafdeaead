import type { Budget } from '../cost/budget.js';
import type { Meter } from '../cost/meter.js';
import type { Course } from '../course.js';
import { PlanError } from '../plan-error.js';
import { explainDifference } from '../question/explain-difference.js';
import { requireNeeds } from '../question/question.js';
import { type Snapshot, stateOf } from '../question/snapshot.js';
import { mergeSettings, readSettings, type StageSettings } from '../question/stage-settings.js';
import { type StageRunOptions, unchanged } from '../run/run-stage.js';
import type { StageStatus } from '../stage-status.js';
import type { StageDefinition } from '../stages/stage-definition.js';
import { type CallPlanner, planCall, usualTokens } from './plan-call.js';
import { type PlanStep, type ProjectPlan, sumUp } from './project-plan.js';

export interface Judged {
  readonly snapshot: Snapshot;
  readonly stages: ReadonlyMap<number, StageStatus>;
}

/** Counts and pays for calls. */
interface Purse {
  readonly meter: Meter;
  /** Budget of the run, if any: calls it would refuse are blocked. */
  readonly budget: Budget | undefined;
}

/** What a run of the selected stages, given in order, would do. Calls no model. */
export async function planRun(
  { graph, questioner }: Course,
  { snapshot, stages }: Judged,
  selected: readonly StageDefinition[],
  settings: StageSettings,
  options: Pick<StageRunOptions, 'cache' | 'signal'>,
  { meter, budget }: Purse,
): Promise<ProjectPlan> {
  const calls: CallPlanner = { meter, budget, questioner, snapshot, options, coming: new Map() };
  const blocked = new Set<number>();
  const present = new Set(snapshot.documents.keys());
  const steps: PlanStep[] = [];
  for (const stage of selected) {
    const about = { stage: stage.id, name: stage.name };
    const chosen = mergeSettings(readSettings(stateOf(snapshot, stage)?.settings), settings);
    const failed = stage.needs.find((need) => blocked.has(need) && present.has(need));
    if (failed !== undefined) {
      block(about, [`stage ${failed}, which it needs, would not succeed`]);
      continue;
    }
    try {
      const decision = await decide(stage, chosen);
      if (decision.action === 'run') {
        requireNeeds(graph, present, stage);
        steps.push({ ...about, ...decision, call: await planCall(calls, stage, chosen) });
      } else {
        if (decision.action === 'wait') calls.coming.set(stage.id, usualTokens);
        steps.push({ ...about, ...decision });
      }
      present.add(stage.id);
    } catch (error) {
      block(about, obstacles(error));
    }
  }
  return sumUp(steps);

  function block(about: Pick<PlanStep, 'stage' | 'name'>, why: readonly string[]): void {
    blocked.add(about.stage);
    steps.push({ ...about, action: 'blocked', why });
  }

  /** Errors that would make the run fail as well; others are thrown. */
  function obstacles(error: unknown): readonly string[] {
    if (PlanError.isInstance(error) && error.stages !== undefined) {
      return error.stages.map((id) => `stage ${id} (${graph.stage(id).name}) has no document`);
    }
    if (PlanError.isInstance(error) || isClientError(error)) return [error.message];
    throw error;
  }

  async function decide(
    stage: StageDefinition,
    chosen: StageSettings,
  ): Promise<Pick<PlanStep, 'action' | 'why'>> {
    const status = stages.get(stage.id);
    const state = stateOf(snapshot, stage);
    if (status?.status === 'running') return { action: 'wait', why: status.why };
    if (status === undefined || status.status === 'not-started') {
      return { action: 'run', why: ['it has no document yet'] };
    }
    const stale = status.status === 'stale';
    if (status.status !== 'done' && !stale) return { action: 'run', why: status.why };
    if (state?.identity === undefined) return { action: 'skip', why: status.why };
    const before = stage.needs.filter((need) => calls.coming.has(need));
    if (before.length > 0) {
      return {
        action: 'run',
        why: stale ? status.why : before.map((need) => `stage ${need} runs before it`),
      };
    }
    // The status reflects the settings of earlier runs, not those of this one, and stages that this one leaves alone.
    const question = await questioner.ask(snapshot, stage, chosen);
    return question.identity === state.identity
      ? { action: 'skip', why: [unchanged] }
      : { action: 'run', why: explainDifference(graph, snapshot, state, question) };
  }
}

function isClientError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('AI_');
}
