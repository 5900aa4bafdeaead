import type { StageDefinition } from '../stages/stage-definition.js';

/** How a stage is asked for. What is chosen here is kept with the stage and holds for its later runs. */
export interface StageSettings {
  /** Default: the planner's model. */
  readonly model?: string;
  /** Upper bound of the document, tokens. A document cut there counts as finished, and says so. */
  readonly maxTokens?: number;
  readonly temperature?: number;
  /** Values for the template: `{{vars.KEY}}`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Name of another template than the stage's own. */
  readonly template?: string;
}

/** The later choice wins; variables are joined. */
export function mergeSettings(before: StageSettings, chosen: StageSettings): StageSettings {
  const variables = { ...before.variables, ...chosen.variables };
  const merged = { ...before, ...withoutUndefined(chosen) };
  return Object.keys(variables).length === 0 ? merged : { ...merged, variables };
}

/** What holds for a stage: the planner's defaults, before them its own parameters, before these what runs chose. */
export function effectiveSettings(
  defaults: StageSettings,
  { parameters = {} }: StageDefinition,
  chosen: StageSettings,
): StageSettings {
  return mergeSettings(mergeSettings(defaults, parameters), chosen);
}

/** The settings in what `project.json` keeps, which somebody may have edited. */
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

/** Only the settings out of a larger set of options, checked. */
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
