import type { StageDefinition } from '../stages/stage-definition.js';

/** Settings for a stage's prompt. They are stored with the stage and apply to its later runs. */
export interface StageSettings {
  /** Default: the planner's model. */
  readonly model?: string;
  /** Upper bound on the document, tokens. A document cut there counts as finished, but is marked as truncated. */
  readonly maxTokens?: number;
  readonly temperature?: number;
  /** Values for the template: `{{vars.KEY}}`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Name of a template to use instead of the stage's own. */
  readonly template?: string;
}

/** Later settings override earlier ones; variables are merged. */
export function mergeSettings(before: StageSettings, chosen: StageSettings): StageSettings {
  const variables = { ...before.variables, ...chosen.variables };
  const merged = { ...before, ...withoutUndefined(chosen) };
  return Object.keys(variables).length === 0 ? merged : { ...merged, variables };
}

/** Effective settings of a stage: those chosen by runs override its own parameters, which override the planner's defaults. */
export function effectiveSettings(
  defaults: StageSettings,
  { parameters = {} }: StageDefinition,
  chosen: StageSettings,
): StageSettings {
  return mergeSettings(mergeSettings(defaults, parameters), chosen);
}

/** Reads the settings stored in `project.json`, which may have been edited by hand. */
export function readSettings(kept: Readonly<Record<string, unknown>> | undefined): StageSettings {
  const { model, maxTokens, temperature, variables, template } = kept ?? {};
  return {
    ...(typeof model === 'string' ? { model } : {}),
    ...(typeof maxTokens === 'number' ? { maxTokens } : {}),
    ...(typeof temperature === 'number' ? { temperature } : {}),
    ...(isTextMap(variables) ? { variables } : {}),
    ...(typeof template === 'string' ? { template } : {}),
  };
}

/** Picks the settings from a larger set of options and validates them. @throws RangeError or TypeError */
export function checkSettings(settings: StageSettings): StageSettings {
  const { model, maxTokens, temperature, variables, template } = settings;
  if (maxTokens !== undefined && !(Number.isSafeInteger(maxTokens) && maxTokens > 0)) {
    throw new RangeError(`maxTokens must be a positive whole number, received ${String(maxTokens)}`);
  }
  if (temperature !== undefined && !(temperature >= 0 && Number.isFinite(temperature))) {
    throw new RangeError(`temperature must be at least 0, received ${String(temperature)}`);
  }
  if (variables !== undefined && !isTextMap(variables)) {
    throw new TypeError('variables must be an object of strings');
  }
  return withoutUndefined({ model, maxTokens, temperature, variables, template });
}

type Loose = { readonly [Key in keyof StageSettings]?: StageSettings[Key] | undefined };

function withoutUndefined(settings: Loose): StageSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((text) => typeof text === 'string');
}
