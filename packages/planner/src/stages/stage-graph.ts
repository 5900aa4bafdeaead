import { slugify } from '@ai-toolkit/project-store';
import { PlanError } from '../plan-error.js';
import type { StageDefinition } from './stage-definition.js';

/** A validated set of stages. */
export interface StageGraph {
  /** Every stage after those it needs, otherwise by number. */
  readonly inOrder: readonly StageDefinition[];
  /** @throws PlanError `PLAN_STAGE_UNKNOWN` */
  stage(id: number): StageDefinition;
}

/** @throws PlanError `PLAN_GRAPH_INVALID` for a set that could never run: duplicates, unknown needs, cycles. */
export function createStageGraph(definitions: readonly StageDefinition[]): StageGraph {
  const byId = new Map<number, StageDefinition>();
  const slugs = new Set<string>();
  for (const definition of definitions) {
    checkDefinition(definition);
    if (byId.has(definition.id)) throw invalid(`Two stages have the number ${definition.id}.`);
    if (slugs.has(definition.slug)) throw invalid(`Two stages have the slug ${definition.slug}.`);
    byId.set(definition.id, definition);
    slugs.add(definition.slug);
  }
  if (byId.size === 0) throw invalid('There are no stages.');
  return {
    inOrder: sortStages(byId),
    stage(id) {
      const found = byId.get(id);
      if (found !== undefined) return found;
      const known = [...byId.values()].map((stage) => `${stage.id} ${stage.name}`).join(', ');
      throw new PlanError('PLAN_STAGE_UNKNOWN', `There is no stage ${String(id)}.`, {
        hint: `The stages are: ${known}.`,
      });
    },
  };
}

function checkDefinition({ id, name, slug, needs }: StageDefinition): void {
  if (!Number.isSafeInteger(id) || id < 1) {
    throw invalid(`A stage's number must be a positive whole number, not ${String(id)}.`);
  }
  if (slugify(slug) !== slug) {
    throw invalid(
      `The slug of stage ${id} must be lower-case words joined by -, not ${JSON.stringify(slug)}.`,
    );
  }
  if (name.trim() === '') throw invalid(`Stage ${id} has no name.`);
  if (new Set(needs).size !== needs.length) throw invalid(`Stage ${id} needs a stage twice.`);
}

/** Kahn's algorithm, always taking the lowest available number. */
function sortStages(byId: ReadonlyMap<number, StageDefinition>): StageDefinition[] {
  const waiting = [...byId.values()].sort((a, b) => a.id - b.id);
  for (const { id, needs } of waiting) {
    const unknown = needs.find((need) => !byId.has(need));
    if (unknown !== undefined) throw invalid(`Stage ${id} needs stage ${unknown}, which does not exist.`);
  }
  const placed = new Set<number>();
  const order: StageDefinition[] = [];
  while (waiting.length > 0) {
    const index = waiting.findIndex((stage) => stage.needs.every((need) => placed.has(need)));
    const [next] = index < 0 ? [] : waiting.splice(index, 1);
    if (next === undefined) {
      throw invalid(`Stages ${waiting.map((stage) => stage.id).join(', ')} need each other in a circle.`);
    }
    placed.add(next.id);
    order.push(next);
  }
  return order;
}

function invalid(message: string): PlanError {
  return new PlanError('PLAN_GRAPH_INVALID', message, { hint: 'Correct the definition of the stages.' });
}
