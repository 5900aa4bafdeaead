import Handlebars from 'handlebars';
import { sixStages } from '../stages/six-stages.js';
import type { StageDefinition } from '../stages/stage-definition.js';
import { createStageGraph } from '../stages/stage-graph.js';
import type { Variables } from './check-variables.js';
import { renderTemplate } from './render.js';
import type { TemplateSource } from './template-source.js';
import { loadTemplate, type TemplateTree } from './template-tree.js';

/**
 * Checks a template for each stage that uses it. One that no stage uses, such as a partial, is checked as far as
 * possible on its own. Variables of a run (`vars.…`) are assumed to be given.
 * @throws PlanError `PLAN_TEMPLATE_NOT_FOUND`, `PLAN_TEMPLATE_INVALID`, `PLAN_TEMPLATE_VARIABLE`
 */
export async function validateTemplate(
  source: TemplateSource,
  name: string,
  stages: readonly StageDefinition[] = sixStages,
): Promise<void> {
  const tree = await loadTemplate(source, name);
  if (name.startsWith('partials/')) return;
  const own = stages.filter(({ template }) => template === name);
  const vars = varsIn(tree);
  // A template that no stage uses may be chosen for any run, so it can rely only on what all stages have.
  if (own.length === 0) renderTemplate(tree, sample(stages, undefined, vars));
  for (const stage of own) renderTemplate(tree, sample(stages, stage, vars));
}

function sample(
  stages: readonly StageDefinition[],
  stage: StageDefinition | undefined,
  vars: Readonly<Record<string, string>>,
): Variables {
  const graph = createStageGraph(stages);
  const inputs = (stage?.needs ?? []).map((need) => [graph.stage(need).slug, 'text']);
  return {
    project: { name: 'name', description: 'text', idea: 'text' },
    stage: { name: stage?.name ?? 'name' },
    context: { code: 'text', description: 'text' },
    inputs: Object.fromEntries(inputs),
    vars,
  };
}

function varsIn({ main, partials }: TemplateTree): Record<string, string> {
  const names = new Set<string>();
  class Finder extends Handlebars.Visitor {
    override PathExpression({ parts }: hbs.AST.PathExpression): void {
      const [root, name] = parts;
      if (root === 'vars' && name !== undefined) names.add(name);
    }
  }
  for (const { program } of [main, ...partials]) new Finder().accept(program);
  return Object.fromEntries([...names].map((name) => [name, 'text']));
}
