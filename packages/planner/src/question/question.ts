import { hash } from 'node:crypto';
import { PlanError } from '../plan-error.js';
import type { StageDefinition } from '../stages/stage-definition.js';
import type { StageGraph } from '../stages/stage-graph.js';
import type { Variables } from '../templates/check-variables.js';
import { renderTemplate } from '../templates/render.js';
import type { TemplateSource } from '../templates/template-source.js';
import { loadTemplate, type TemplateOrigin, type TemplateTree } from '../templates/template-tree.js';
import type { Snapshot } from './snapshot.js';
import { effectiveSettings, type StageSettings } from './stage-settings.js';

/** Incremented to invalidate all earlier identities. */
const identityVersion = 1;
const systemTemplate = 'system';

/** A rendered prompt with its variables and templates. */
export interface Rendering {
  readonly system: string;
  readonly prompt: string;
  readonly variables: Variables;
  /** The stage's template first, then the partials it uses; likewise for the system prompt. */
  readonly templates: readonly TemplateOrigin[];
}

/** Everything sent to the model for a stage, and what it was made from. */
export interface Question {
  readonly system: string;
  readonly prompt: string;
  /** Settings chosen by runs of the stage, which are stored with it. */
  readonly chosen: StageSettings;
  /** The same, completed with the defaults of the stage and the planner. */
  readonly settings: StageSettings;
  /**
   * SHA-256 over prompt, model, parameters and the content of its inputs. Contains nothing that would distinguish
   * projects with the same text: no id, date or folder.
   */
  readonly identity: string;
  /** The parts of the identity by name, as values or hashes; `explainDifference` compares them. */
  readonly ingredients: Readonly<Record<string, string>>;
  readonly inputRevisions: Readonly<Record<string, number>>;
}

export interface Questioner {
  /** @throws PlanError `PLAN_DEPENDENCY_UNMET`, `PLAN_TEMPLATE_…` */
  ask(snapshot: Snapshot, stage: StageDefinition, settings: StageSettings): Promise<Question>;
  /** Only renders the prompt, even with unmet needs: missing documents are then empty. */
  render(snapshot: Snapshot, stage: StageDefinition, settings: StageSettings): Promise<Rendering>;
}

export function createQuestioner(
  graph: StageGraph,
  templates: TemplateSource,
  defaults: StageSettings,
): Questioner {
  async function load(
    stage: StageDefinition,
    settings: StageSettings,
  ): Promise<[TemplateTree, TemplateTree]> {
    return Promise.all([
      loadTemplate(templates, settings.template ?? stage.template),
      loadTemplate(templates, systemTemplate),
    ]);
  }

  return {
    async ask(snapshot, stage, chosen) {
      requireNeeds(graph, snapshot.documents, stage);
      const settings = effectiveSettings(defaults, stage, chosen);
      const [tree, instructions] = await load(stage, settings);
      const variables = variablesOf(graph, snapshot, stage, settings);
      const prompt = renderTemplate(tree, variables);
      const system = renderTemplate(instructions, variables);
      const { model = '', maxTokens, temperature } = settings;
      const inputs = stage.needs.map((need) => snapshot.documents.get(need)?.contentHash);
      const whole = [identityVersion, prompt, system, model, maxTokens, temperature, inputs];
      const template = `${fingerprint(tree)}${fingerprint(instructions)}`;
      return {
        system,
        prompt,
        chosen,
        settings,
        identity: sha256(JSON.stringify(whole)),
        ingredients: ingredientsOf(snapshot, stage, settings, template),
        inputRevisions: inputRevisionsOf(snapshot, stage),
      };
    },

    async render(snapshot, stage, chosen) {
      const settings = effectiveSettings(defaults, stage, chosen);
      const [tree, instructions] = await load(stage, settings);
      const variables = variablesOf(graph, snapshot, stage, settings);
      return {
        prompt: renderTemplate(tree, variables),
        system: renderTemplate(instructions, variables),
        variables,
        templates: [tree, instructions].flatMap(({ main, partials }) =>
          [main, ...partials].map(({ name, origin }) => ({ name, origin })),
        ),
      };
    },
  };
}

/** @throws PlanError `PLAN_DEPENDENCY_UNMET` naming all stages to run first, in order */
export function requireNeeds(
  graph: StageGraph,
  present: { has(stage: number): boolean },
  stage: StageDefinition,
): void {
  const missing = new Set<number>();
  const collect = (needs: readonly number[]): void => {
    for (const need of needs) {
      if (present.has(need)) continue;
      missing.add(need);
      collect(graph.stage(need).needs);
    }
  };
  collect(stage.needs);
  if (missing.size === 0) return;
  const first = graph.inOrder.filter(({ id }) => missing.has(id));
  throw unmetNeeds(first, `Stage ${stage.id} (${stage.name}) cannot run yet.`);
}

/** @param first the stages to run first, in order */
export function unmetNeeds(first: readonly StageDefinition[], message: string): PlanError {
  const names = first.map(({ id, name }) => `${id} (${name})`).join(', ');
  return new PlanError('PLAN_DEPENDENCY_UNMET', message, {
    hint: `Run ${first.length === 1 ? 'stage' : 'these stages'} first: ${names}.`,
    stages: first.map(({ id }) => id),
  });
}

function variablesOf(
  graph: StageGraph,
  { project, idea, documents, context }: Snapshot,
  stage: StageDefinition,
  settings: StageSettings,
): Variables {
  const text = idea.trim();
  const inputs = stage.needs.map((need) => [graph.stage(need).slug, documents.get(need)?.text.trim() ?? '']);
  const vars = Object.entries(settings.variables ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    project: {
      name: project.name,
      description: project.description,
      // The idea of a new project defaults to its description, which need not appear twice.
      idea: text === project.description.trim() ? '' : text,
    },
    stage: { name: stage.name },
    context: { code: context?.text ?? '', description: context?.description ?? '' },
    inputs: Object.fromEntries(inputs),
    vars: Object.fromEntries(vars),
  };
}

function ingredientsOf(
  { project, idea, documents, context }: Snapshot,
  stage: StageDefinition,
  settings: StageSettings,
  template: string,
): Record<string, string> {
  const { model, maxTokens, temperature, variables = {} } = settings;
  const inputs = stage.needs.map((need) => [`stage ${need}`, short(documents.get(need)?.contentHash ?? '')]);
  const vars = Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    name: short(sha256(project.name)),
    description: short(sha256(project.description)),
    idea: short(sha256(idea.trim())),
    template: short(sha256(template)),
    variables: short(sha256(JSON.stringify(vars))),
    code: context === undefined ? 'none' : short(sha256(context.text)),
    model: model ?? 'default',
    maxTokens: String(maxTokens ?? 'default'),
    temperature: String(temperature ?? 'default'),
    ...Object.fromEntries(inputs),
  };
}

function inputRevisionsOf({ documents }: Snapshot, stage: StageDefinition): Record<string, number> {
  return Object.fromEntries(stage.needs.map((need) => [String(need), documents.get(need)?.revision ?? 0]));
}

function fingerprint({ main, partials }: TemplateTree): string {
  return JSON.stringify([main.text, ...partials.map(({ name, text }) => [name, text])]);
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

function short(digest: string): string {
  return digest.slice(0, 16);
}
