import { PlanError } from '../plan-error.js';
import { builtInTemplates } from './built-in/index.js';
import { readMark, templateVersion, withMark } from './override-mark.js';
import type { Template, TemplateSource } from './template-source.js';

/** A template, and its relation to the built-in one of the same name. */
export interface TemplateInfo {
  readonly name: string;
  /** `built-in`, or the path of the file. */
  readonly origin: string;
  /**
   * - `built-in`: the built-in template itself.
   * - `own`: no built-in template has this name.
   * - `current`: replaces the built-in one, which has not changed since.
   * - `outdated`: replaces the built-in one, which has changed since and is worth comparing.
   * - `unmarked`: replaces the built-in one but does not state the version it was made from.
   */
  readonly state: 'built-in' | 'own' | 'current' | 'outdated' | 'unmarked';
}

/** All templates of a source, sorted by name. */
export async function describeTemplates(source: TemplateSource): Promise<readonly TemplateInfo[]> {
  const loaded = await Promise.all((await source.names()).map((name) => source.load(name)));
  return loaded.flatMap((template) => (template === undefined ? [] : [describe(template)]));
}

/**
 * The text of a template as a file to edit. A built-in one includes its version, so that `describeTemplates` can detect
 * after an upgrade that it has changed.
 * @throws PlanError `PLAN_TEMPLATE_NOT_FOUND`
 */
export async function exportTemplate(source: TemplateSource, name: string): Promise<string> {
  const template = await templateNamed(source, name);
  return template.origin === 'built-in' ? withMark(name, template.text) : template.text;
}

/** @throws PlanError `PLAN_TEMPLATE_NOT_FOUND` listing those that exist */
export async function templateNamed(source: TemplateSource, name: string): Promise<Template> {
  const template = await source.load(name);
  if (template === undefined) throw await templateNotFound(source, name);
  return template;
}

export async function templateNotFound(source: TemplateSource, name: string, where = ''): Promise<PlanError> {
  return new PlanError('PLAN_TEMPLATE_NOT_FOUND', `There is no template ${JSON.stringify(name)}${where}.`, {
    hint: `The templates are: ${(await source.names()).join(', ')}.`,
  });
}

function describe({ name, origin, text }: Template): TemplateInfo {
  if (origin === 'built-in') return { name, origin, state: 'built-in' };
  const original = builtInTemplates.get(name);
  if (original === undefined) return { name, origin, state: 'own' };
  const mark = readMark(text);
  if (mark?.name !== name) return { name, origin, state: 'unmarked' };
  return { name, origin, state: mark.version === templateVersion(original) ? 'current' : 'outdated' };
}
