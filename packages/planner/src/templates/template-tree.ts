import Handlebars from 'handlebars';
import { PlanError } from '../plan-error.js';
import { templateNotFound } from './describe-templates.js';
import type { Template, TemplateSource } from './template-source.js';

/** Identifies the file of a template. */
export interface TemplateOrigin {
  readonly name: string;
  /** `built-in`, or the path of the file. */
  readonly origin: string;
}

/** A parsed template. */
export interface ParsedTemplate extends TemplateOrigin {
  readonly text: string;
  // By way of the function, since `hbs` is a global that declaration files do not carry along.
  readonly program: ReturnType<typeof Handlebars.parse>;
}

/** A template with all the partials it uses, directly or indirectly. */
export interface TemplateTree {
  readonly main: ParsedTemplate;
  readonly partials: readonly ParsedTemplate[];
}

/** @throws PlanError `PLAN_TEMPLATE_NOT_FOUND`, `PLAN_TEMPLATE_INVALID` */
export async function loadTemplate(source: TemplateSource, name: string): Promise<TemplateTree> {
  const main = await parse(source, name, undefined);
  const partials = new Map<string, ParsedTemplate>();
  const open = [main];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const used of partialNames(next)) {
      if (partials.has(used)) continue;
      const partial = await parse(source, used, next.name);
      partials.set(used, partial);
      open.push(partial);
    }
  }
  return { main, partials: [...partials.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

async function parse(
  source: TemplateSource,
  name: string,
  usedBy: string | undefined,
): Promise<ParsedTemplate> {
  const template = await source.load(name);
  if (template === undefined) {
    throw await templateNotFound(source, name, usedBy === undefined ? '' : `, which ${usedBy} uses`);
  }
  return parseTemplate(template);
}

/** Cache of parsed templates by name, file and text; large enough for a few projects. */
const parsed = new Map<string, ParsedTemplate>();
const maxParsed = 200;

/** @throws PlanError `PLAN_TEMPLATE_INVALID` */
export function parseTemplate({ name, text, origin }: Template): ParsedTemplate {
  const key = JSON.stringify([name, origin, text]);
  const known = parsed.get(key);
  if (known !== undefined) return known;
  try {
    const template = { name, text, origin, program: Handlebars.parse(text) };
    if (parsed.size >= maxParsed) parsed.clear();
    parsed.set(key, template);
    return template;
  } catch (error) {
    throw invalidTemplate(name, error instanceof Error ? error.message : String(error), error);
  }
}

function partialNames({ name, program }: ParsedTemplate): Set<string> {
  const names = new Set<string>();
  class Finder extends Handlebars.Visitor {
    override PartialStatement(partial: hbs.AST.PartialStatement): void {
      if (partial.name.type !== 'PathExpression') {
        throw invalidTemplate(name, 'the name of a partial must be written out');
      }
      names.add((partial.name as hbs.AST.PathExpression).original);
    }
    override PartialBlockStatement(): void {
      throw invalidTemplate(name, 'partial blocks are not supported; use a partial');
    }
  }
  new Finder().accept(program);
  return names;
}

export function invalidTemplate(name: string, problem: string, cause?: unknown): PlanError {
  return new PlanError('PLAN_TEMPLATE_INVALID', `The template ${name} is not valid: ${problem.trim()}.`, {
    hint: 'Correct it, or remove your version to use the built-in one.',
    ...(cause === undefined ? {} : { cause }),
  });
}
