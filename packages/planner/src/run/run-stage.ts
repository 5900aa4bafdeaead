import type { AiClient, CacheMode, GenerateOptions, Generation } from '@ai-toolkit/ai-client';
import type { ProjectStore, StageLock, StageState } from '@ai-toolkit/project-store';
import type { Budget } from '../cost/budget.js';
import type { Admission, Meter } from '../cost/meter.js';
import type { Course } from '../course.js';
import { PlanError } from '../plan-error.js';
import { explainDifference } from '../question/explain-difference.js';
import { type Question, requireNeeds } from '../question/question.js';
import { readSnapshot, refOf, type Snapshot, stateOf } from '../question/snapshot.js';
import {
  checkSettings,
  mergeSettings,
  readSettings,
  type StageSettings,
} from '../question/stage-settings.js';
import type { StageDefinition } from '../stages/stage-definition.js';
import type { StageGraph } from '../stages/stage-graph.js';
import { checkAnswer } from './check-answer.js';
import { listen } from './listen.js';
import type { PlannerEvent, StageDone } from './planner-event.js';
import { lockStage, noteFailure } from './stage-lock.js';

export interface StageRunOptions extends StageSettings {
  /** How the response cache is used. Default: `default`. */
  readonly cache?: CacheMode;
  /** Run even if nothing has changed. Default: true with the cache modes `refresh` and `bypass`, else false. */
  readonly force?: boolean;
  /**
   * Upper bound on the cost of the run, US dollars; never exceeded. Each stage reserves the most it may cost (its
   * prompt, and an answer of `maxTokens`, or of 16,000 tokens, which then becomes its limit) and is refused if that
   * does not fit. Cached answers cost nothing. Default: no bound.
   */
  readonly maxCost?: number;
  /** Ends the run. The output so far stays as partial text; the stage is not done. */
  readonly signal?: AbortSignal;
}

/** Several stages may share one budget instead of having a `maxCost` each. */
interface StageRun extends Omit<StageRunOptions, 'maxCost'> {
  readonly budget?: Budget;
}

export interface StageRunner {
  run(
    course: Course,
    id: string,
    stage: StageDefinition,
    options: StageRun,
  ): AsyncGenerator<PlannerEvent, void, void>;
}

export interface StageRunnerOptions {
  readonly store: ProjectStore;
  readonly client: Pick<AiClient, 'generateStreaming'>;
  readonly meter: Meter;
}

/** Runs single stages: checks what changed, asks the model, stores the answer. */
export function createStageRunner({ store, client, meter }: StageRunnerOptions): StageRunner {
  return {
    async *run({ graph, questioner }, id, stage, options) {
      const { signal, budget } = options;
      signal?.throwIfAborted();
      const about = { stage: stage.id, name: stage.name };
      const settings = checkSettings(options);
      let begun = false;
      let lock: StageLock | undefined;
      try {
        requireNeeds(graph, (await readSnapshot(store, graph, id)).documents, stage);
        lock = await lockStage(store, id, stage);
        const snapshot = await readSnapshot(store, graph, id);
        const state = stateOf(snapshot, stage);
        const chosen = mergeSettings(readSettings(state?.settings), settings);
        const question = await questioner.ask(snapshot, stage, chosen);
        const why = reasonToRun(graph, snapshot, stage, state, question, options);
        if (why === undefined) {
          yield { type: 'skipped', ...about, reason: 'unchanged', why: unchanged };
          return;
        }
        const request = requestOf(snapshot, stage, question, options);
        const admit = (trustsCache: boolean): Promise<Admission> =>
          budget === undefined
            ? Promise.resolve({ request, free: false, settle: () => undefined })
            : meter.admit(`Stage ${stage.id} (${stage.name})`, question, request, budget, trustsCache);
        const admission = await admit(true);
        begun = true;
        const { model } = question.settings;
        yield { type: 'started', ...about, why, ...(model === undefined ? {} : { model }) };
        const answer = yield* listen({ store, client }, id, stage, question.prompt, admission, () =>
          admit(false),
        );
        const costUsd = answer === undefined ? undefined : meter.paidUsd(answer);
        const cost = costUsd === undefined ? {} : { costUsd };
        if (answer?.usage !== undefined) {
          yield { type: 'usage', ...about, usage: answer.usage, cache: answer.cache, ...cost };
        }
        const generation = checkAnswer(stage, answer, question.settings.maxTokens !== undefined);
        // An abort that arrives with the last event still counts: the caller expects no new document.
        signal?.throwIfAborted();
        yield { ...about, ...(await keep(id, stage, question, generation, cost)) };
      } catch (error) {
        if (signal?.aborted === true) throw signal.reason;
        if (begun && !isBudgetRefusal(error)) await noteFailure(store, id, stage, error);
        yield { type: 'failed', ...about, error };
        throw error;
      } finally {
        await lock?.release();
      }
    },
  };

  async function keep(
    id: string,
    stage: StageDefinition,
    question: Question,
    generation: Generation,
    cost: Pick<StageDone, 'costUsd'>,
  ): Promise<Omit<StageDone, 'stage' | 'name'>> {
    const text = generation.text.endsWith('\n') ? generation.text : `${generation.text}\n`;
    const { usage, cache, model } = generation;
    const truncated = generation.finishReason === 'length';
    const { revision, contentHash, path } = await store.writeStage(id, refOf(stage), text, {
      identity: question.identity,
      ingredients: question.ingredients,
      settings: { ...question.chosen },
      inputRevisions: question.inputRevisions,
      model,
      cache,
      ...cost,
      ...(usage === undefined ? {} : { tokens: { input: usage.inputTokens, output: usage.outputTokens } }),
      ...(truncated ? { truncated } : {}),
    });
    return {
      type: 'done',
      revision,
      contentHash,
      path,
      model,
      cache,
      truncated,
      ...cost,
      ...(usage === undefined ? {} : { usage }),
    };
  }
}

/** A budget refusal concerns the run, not the stage. */
function isBudgetRefusal(error: unknown): boolean {
  return PlanError.isInstance(error) && error.code.startsWith('PLAN_BUDGET_');
}

export const unchanged = 'nothing that it is made from has changed';

/** The request for a question. */
export function requestOf(
  { project }: Snapshot,
  stage: StageDefinition,
  { system, settings: { model, maxTokens, temperature } }: Question,
  { cache, signal }: Pick<StageRunOptions, 'cache' | 'signal'>,
): GenerateOptions {
  return {
    system,
    labels: { project: project.id, stage: String(stage.id) },
    ...(model === undefined ? {} : { model }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(cache === undefined ? {} : { cache: { mode: cache } }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Undefined if the stage need not run. */
function reasonToRun(
  graph: StageGraph,
  snapshot: Snapshot,
  stage: StageDefinition,
  state: StageState | undefined,
  question: Question,
  { cache, force = cache === 'refresh' || cache === 'bypass' }: StageRun,
): string | undefined {
  if (!snapshot.documents.has(stage.id)) return 'it has no document yet';
  if (force) return 'it was asked to run again';
  if (state?.error !== undefined) return 'its last run failed';
  // A document written by hand counts as done until a new one is requested.
  if (state?.identity === undefined || state.identity === question.identity) return undefined;
  return explainDifference(graph, snapshot, state, question).join('; ');
}
