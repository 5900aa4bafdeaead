import type { StageDocument } from '@ai-toolkit/project-store';
import type { Budget } from '../cost/budget.js';
import type { Meter } from '../cost/meter.js';
import { unpriced } from '../cost/unpriced.js';
import type { Questioner } from '../question/question.js';
import { type Snapshot, stateOf } from '../question/snapshot.js';
import type { StageSettings } from '../question/stage-settings.js';
import { requestOf, type StageRunOptions } from '../run/run-stage.js';
import type { StageDefinition } from '../stages/stage-definition.js';
import type { PlannedCall } from './project-plan.js';

/** Assumed length of a document about which nothing is known, tokens. */
export const usualTokens = 3_000;

export interface CallPlanner {
  readonly meter: Meter;
  readonly budget: Budget | undefined;
  readonly questioner: Questioner;
  readonly snapshot: Snapshot;
  readonly options: Pick<StageRunOptions, 'cache' | 'signal'>;
  /** Estimated length of each document that will have been rewritten by then, tokens, by stage number. */
  readonly coming: Map<number, number>;
}

/** Estimates the call of a stage that will run. Fails with `PLAN_TEMPLATE_…`, and with `PLAN_BUDGET_…` where the run would. */
export async function planCall(
  { meter, budget, questioner, snapshot, options, coming }: CallPlanner,
  stage: StageDefinition,
  chosen: StageSettings,
): Promise<PlannedCall> {
  const until = stage.needs.filter((need) => coming.has(need));
  // Inputs that will be rewritten count with their estimated length, not with their current text.
  const question = await questioner.ask(withoutTexts(snapshot, until), stage, chosen);
  const { model, maxTokens } = question.settings;
  const outputTokens = Math.min(
    stateOf(snapshot, stage)?.tokens?.output ?? usualTokens,
    maxTokens ?? Number.POSITIVE_INFINITY,
  );
  const inputTokens =
    meter.count(question.system, model) +
    meter.count(question.prompt, model) +
    until.reduce((sum, need) => sum + (coming.get(need) ?? 0), 0);
  const request = requestOf(snapshot, stage, question, options);
  const { request: asked, forecast } = await meter.look(question, request, budget !== undefined);
  const { upstreams = [] } = forecast ?? {};
  const known = until.length === 0 && forecast !== undefined;
  const cache = known ? forecast.cache : 'unknown';
  const costUsd = cache === 'hit' ? 0 : meter.likelyUsd(upstreams, inputTokens, outputTokens);
  const mostUsd = cache === 'hit' ? 0 : meter.mostUsd(question, asked, upstreams);
  if (budget !== undefined && cache !== 'hit') {
    const title = `Stage ${stage.id} (${stage.name})`;
    // For an incomplete prompt this is less than the run will reserve, so nothing is blocked that would pass.
    if (mostUsd === undefined) throw unpriced(title, upstreams);
    const reservation = await budget.reserve(title, mostUsd, options.signal);
    reservation.settle(costUsd ?? 0);
  }
  coming.set(stage.id, outputTokens);
  return {
    ...(model === undefined ? {} : { model }),
    cache,
    until,
    inputTokens,
    outputTokens,
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(mostUsd === undefined || !known ? {} : { mostUsd }),
  };
}

function withoutTexts(snapshot: Snapshot, stages: readonly number[]): Snapshot {
  const empty: StageDocument = { text: '', contentHash: '', edited: false, path: '' };
  const documents = new Map(snapshot.documents);
  for (const stage of stages) documents.set(stage, empty);
  return { ...snapshot, documents };
}
