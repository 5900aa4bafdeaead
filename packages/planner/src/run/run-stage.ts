import type { AiClient, CacheMode, GenerateOptions, Generation } from '@ai-toolkit/ai-client';
import { type ProjectStore, type StageLock, type StageState, StoreError } from '@ai-toolkit/project-store';
import { PlanError } from '../plan-error.js';
import { explainDifference } from '../question/explain-difference.js';
import { type Question, type Questioner, requireNeeds } from '../question/question.js';
import { readSnapshot, refOf, type Snapshot } from '../question/snapshot.js';
import {
  checkSettings,
  mergeSettings,
  readSettings,
  type StageSettings,
} from '../question/stage-settings.js';
import type { StageDefinition } from '../stages/stage-definition.js';
import type { StageGraph } from '../stages/stage-graph.js';
import { checkAnswer } from './check-answer.js';
import type { PlannerEvent } from './planner-event.js';

export interface StageRunOptions extends StageSettings {
  /** How the response cache is used. Default: `default`. */
  readonly cache?: CacheMode;
  /** Run also when nothing has changed. Default: true with the cache modes `refresh` and `bypass`, else false. */
  readonly force?: boolean;
  /** Ends the run. What was said so far stays as partial text; the stage is not done. */
  readonly signal?: AbortSignal;
}

export interface StageRunner {
  run(id: string, stage: StageDefinition, options: StageRunOptions): AsyncGenerator<PlannerEvent, void, void>;
}

export interface StageRunnerOptions {
  readonly store: ProjectStore;
  readonly client: Pick<AiClient, 'generateStreaming'>;
  readonly graph: StageGraph;
  readonly questioner: Questioner;
  readonly defaults: StageSettings;
}

/** Runs single stages: asks what changed, asks the model, keeps what it says. */
export function createStageRunner({
  store,
  client,
  graph,
  questioner,
  defaults,
}: StageRunnerOptions): StageRunner {
  return {
    async *run(id, stage, options) {
      const { signal } = options;
      signal?.throwIfAborted();
      const about = { stage: stage.id, name: stage.name };
      const settings = checkSettings(options);
      let begun = false;
      let lock: StageLock | undefined;
      try {
        requireNeeds(graph, (await readSnapshot(store, graph, id)).documents, stage);
        lock = await lockStage(store, id, stage);
        const snapshot = await readSnapshot(store, graph, id);
        const state = snapshot.project.stages[stage.id];
        const chosen = mergeSettings(readSettings(state?.settings), settings);
        const question = await questioner.ask(snapshot, stage, chosen);
        const why = reasonToRun(graph, snapshot, stage, state, question, options);
        if (why === undefined) {
          yield {
            type: 'skipped',
            ...about,
            reason: 'unchanged',
            why: 'nothing that it is made from has changed',
          };
          return;
        }
        const model = chosen.model ?? defaults.model;
        begun = true;
        yield { type: 'started', ...about, why, ...(model === undefined ? {} : { model }) };
        const request = requestOf(snapshot, stage, { ...defaults, ...chosen }, question, options);
        const generation = yield* listen(id, stage, question, request);
        if (generation.usage !== undefined) {
          yield { type: 'usage', ...about, usage: generation.usage, cache: generation.cache };
        }
        // A signal that came with the last word still counts: whoever gave it expects no new document.
        signal?.throwIfAborted();
        yield { ...about, ...(await keep(id, stage, question, generation)) };
      } catch (error) {
        if (signal?.aborted === true) throw signal.reason;
        if (begun) await noteFailure(store, id, stage, error);
        yield { type: 'failed', ...about, error };
        throw error;
      } finally {
        await lock?.release();
      }
    },
  };

  /** Passes the answer on as it comes and keeps it in the partial file. */
  async function* listen(
    id: string,
    stage: StageDefinition,
    question: Question,
    request: GenerateOptions,
  ): AsyncGenerator<PlannerEvent, Generation, void> {
    const partial = await store.openPartial(id, refOf(stage));
    let generation: Generation | undefined;
    let lost: { readonly error: unknown } | undefined;
    try {
      for await (const event of client.generateStreaming(question.prompt, request)) {
        if (event.type === 'done') {
          generation = event.generation;
        } else if (event.type === 'text') {
          partial.append(event.text);
          yield { type: 'text', stage: stage.id, name: stage.name, text: event.text };
        }
      }
    } finally {
      // Also when the caller leaves early, and without hiding the failure that may be on its way.
      await partial.close().catch((error: unknown) => {
        lost = { error };
      });
    }
    if (lost !== undefined) throw lost.error;
    return checkAnswer(stage, generation, request.maxTokens !== undefined);
  }

  async function keep(
    id: string,
    stage: StageDefinition,
    question: Question,
    generation: Generation,
  ): Promise<Omit<Extract<PlannerEvent, { type: 'done' }>, 'stage' | 'name'>> {
    const text = generation.text.endsWith('\n') ? generation.text : `${generation.text}\n`;
    const { usage, cache, model } = generation;
    const truncated = generation.finishReason === 'length';
    const revision = await store.writeStage(id, refOf(stage), text, {
      identity: question.identity,
      ingredients: question.ingredients,
      settings: { ...question.settings },
      inputRevisions: question.inputRevisions,
      model,
      cache,
      ...(usage === undefined ? {} : { tokens: { input: usage.inputTokens, output: usage.outputTokens } }),
      ...(truncated ? { truncated } : {}),
    });
    const { contentHash, path } = revision;
    const facts = {
      type: 'done',
      revision: revision.revision,
      contentHash,
      path,
      model,
      cache,
      truncated,
    } as const;
    return usage === undefined ? facts : { ...facts, usage };
  }
}

function requestOf(
  { project }: Snapshot,
  stage: StageDefinition,
  { model, maxTokens, temperature }: StageSettings,
  question: Question,
  { cache, signal }: StageRunOptions,
): GenerateOptions {
  return {
    system: question.system,
    labels: { project: project.id, stage: String(stage.id) },
    ...(model === undefined ? {} : { model }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(cache === undefined ? {} : { cache: { mode: cache } }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Undefined when there is nothing to do. */
function reasonToRun(
  graph: StageGraph,
  snapshot: Snapshot,
  stage: StageDefinition,
  state: StageState | undefined,
  question: Question,
  { cache, force = cache === 'refresh' || cache === 'bypass' }: StageRunOptions,
): string | undefined {
  if (!snapshot.documents.has(stage.id)) return 'it has no document yet';
  if (force) return 'it was asked to run again';
  if (state?.error !== undefined) return 'its last run failed';
  // A document that a person wrote is as good as done until someone asks for another.
  if (state?.identity === undefined || state.identity === question.identity) return undefined;
  return explainDifference(graph, snapshot, state, question).join('; ');
}

export async function lockStage(store: ProjectStore, id: string, stage: StageDefinition): Promise<StageLock> {
  try {
    return await store.lockStage(id, refOf(stage));
  } catch (error) {
    if (!StoreError.isInstance(error) || error.code !== 'STORE_STAGE_BUSY') throw error;
    throw new PlanError('PLAN_STAGE_BUSY', error.message, {
      hint: error.hint,
      retryable: true,
      cause: error,
    });
  }
}

/** The failure that is on its way to the caller matters more than one of writing it down. */
async function noteFailure(
  store: ProjectStore,
  id: string,
  stage: StageDefinition,
  error: unknown,
): Promise<void> {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
  const message = error instanceof Error ? error.message : String(error);
  await store.failStage(id, refOf(stage), { code, message }).catch(() => undefined);
}
