import { PlanError } from '../plan-error.js';
import type { StageDefinition } from '../stages/stage-definition.js';
import type { StageGraph } from '../stages/stage-graph.js';
import type { Questioner, Rendering } from './question.js';
import { type Snapshot, stateOf } from './snapshot.js';
import { mergeSettings, readSettings } from './stage-settings.js';

/** Selects the prompt: that of a stage, or of the stage that uses a template. */
export interface DebugOptions {
  readonly stage?: number;
  /** Name of a template. Without `stage`: the first stage that uses it. */
  readonly template?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

export interface DebuggedPrompt extends Rendering {
  readonly stage: number;
  readonly name: string;
  /** Required stages without a document; the prompt contains a placeholder for each. */
  readonly missing: readonly number[];
}

/** @throws PlanError `PLAN_STAGE_UNKNOWN`, `PLAN_TEMPLATE_…` */
export async function debugPrompt(
  graph: StageGraph,
  questioner: Questioner,
  snapshot: Snapshot,
  { stage: number, template, variables }: DebugOptions,
): Promise<DebuggedPrompt> {
  const stage = number === undefined ? stageFor(graph, template) : graph.stage(number);
  const missing = stage.needs.filter((need) => !snapshot.documents.has(need));
  const documents = new Map(snapshot.documents);
  for (const need of missing) {
    const text = `(${graph.stage(need).name} has no document yet)`;
    documents.set(need, { text, contentHash: '', edited: false, path: '' });
  }
  const settings = mergeSettings(readSettings(stateOf(snapshot, stage)?.settings), {
    ...(template === undefined ? {} : { template }),
    ...(variables === undefined ? {} : { variables }),
  });
  const rendering = await questioner.render({ ...snapshot, documents }, stage, settings);
  return { stage: stage.id, name: stage.name, missing, ...rendering };
}

function stageFor(graph: StageGraph, template: string | undefined): StageDefinition {
  if (template === undefined) throw new TypeError('debug needs a stage or a template');
  const stage = graph.inOrder.find((one) => one.template === template);
  if (stage !== undefined) return stage;
  throw new PlanError('PLAN_STAGE_UNKNOWN', `No stage uses the template ${JSON.stringify(template)}.`, {
    hint: `Name a stage as well: ${graph.inOrder.map(({ id, name }) => `${id} ${name}`).join(', ')}.`,
  });
}
