import type { LockOwner, StageFailure } from '@ai-toolkit/project-store';
import { PlanError } from './plan-error.js';
import { explainDifference } from './question/explain-difference.js';
import type { Questioner } from './question/question.js';
import { type Activity, type Snapshot, stateOf } from './question/snapshot.js';
import { readSettings } from './question/stage-settings.js';
import type { StageDefinition } from './stages/stage-definition.js';
import type { StageGraph } from './stages/stage-graph.js';

/**
 * - `not-started`: no document and no output.
 * - `partial`: no document, but the output of an interrupted run was kept.
 * - `failed`: the last run failed. A document of an earlier run may exist.
 * - `running`: some process is running it.
 * - `stale`: the document does not answer the current question.
 * - `done`: the document answers the current question.
 */
export type StageStatusName = 'not-started' | 'partial' | 'failed' | 'running' | 'stale' | 'done';

export interface StageStatus {
  readonly stage: number;
  readonly name: string;
  readonly slug: string;
  readonly needs: readonly number[];
  readonly status: StageStatusName;
  /** Reasons for the status, each a clause that can follow a colon. Empty if the status says it all. */
  readonly why: readonly string[];
  /** The document differs from the revision it came from. */
  readonly edited: boolean;
  /** Whether the output of an interrupted run was kept. */
  readonly partial: boolean;
  /** Whether `maxTokens` truncated the document. */
  readonly truncated: boolean;
  /** Path of the document; absent if there is none. */
  readonly path?: string;
  readonly revision?: number;
  /** Model that answered. */
  readonly model?: string;
  readonly tokens?: { readonly input: number; readonly output: number };
  /** Cost of the document, US dollars: 0 from the cache, absent if unknown. */
  readonly costUsd?: number;
  /** Epoch, ms. */
  readonly finishedAt?: number;
  readonly error?: StageFailure;
  readonly runningIn?: LockOwner;
}

type Judgement = Pick<StageStatus, 'status' | 'why'>;

/** Determines the status of a stage; `before` holds the status of the stages it needs. */
export async function judgeStage(
  graph: StageGraph,
  questioner: Questioner,
  snapshot: Snapshot,
  stage: StageDefinition,
  activity: Activity,
  before: ReadonlyMap<number, StageStatus>,
): Promise<StageStatus> {
  const state = stateOf(snapshot, stage);
  const document = snapshot.documents.get(stage.id);
  const { holder, partial } = activity;
  const { status, why } = await judge();
  return {
    stage: stage.id,
    name: stage.name,
    slug: stage.slug,
    needs: stage.needs,
    status,
    why,
    edited: document?.edited ?? false,
    partial,
    truncated: document !== undefined && state?.truncated === true,
    ...(document === undefined ? {} : { path: document.path }),
    ...(document?.revision === undefined ? {} : { revision: document.revision }),
    ...(state?.model === undefined ? {} : { model: state.model }),
    ...(state?.tokens === undefined ? {} : { tokens: state.tokens }),
    ...(state?.costUsd === undefined ? {} : { costUsd: state.costUsd }),
    ...(state?.finishedAt === undefined ? {} : { finishedAt: state.finishedAt }),
    ...(state?.error === undefined ? {} : { error: state.error }),
    ...(holder === undefined ? {} : { runningIn: holder }),
  };

  async function judge(): Promise<Judgement> {
    if (holder !== undefined) return { status: 'running', why: [`process ${holder.pid} on ${holder.host}`] };
    if (state?.error !== undefined) {
      return { status: 'failed', why: [`${state.error.code}: ${state.error.message}`] };
    }
    if (document === undefined) {
      if (partial) return { status: 'partial', why: ['its run was interrupted'] };
      return {
        status: 'not-started',
        why: state?.revision === undefined ? [] : ['its document was deleted'],
      };
    }
    if (state?.identity === undefined) return { status: 'done', why: ['its document was written by hand'] };
    return judgeDocument(state.identity);
  }

  async function judgeDocument(identity: string): Promise<Judgement> {
    const upstream = stage.needs.filter((need) => before.get(need)?.status === 'stale');
    const inherited = upstream.map((need) => `stage ${need} (${graph.stage(need).name}) is stale`);
    try {
      const question = await questioner.ask(snapshot, stage, readSettings(state?.settings));
      if (question.identity === identity) {
        return inherited.length > 0 ? { status: 'stale', why: inherited } : { status: 'done', why: [] };
      }
      const changed = state === undefined ? [] : explainDifference(graph, snapshot, state, question);
      return { status: 'stale', why: [...changed, ...inherited] };
    } catch (error) {
      if (!PlanError.isInstance(error)) throw error;
      const gone = error.stages?.map(
        (id) => `stage ${id} (${graph.stage(id).name}) has no document any more`,
      );
      return { status: 'stale', why: gone ?? [error.message] };
    }
  }
}
