import Handlebars from 'handlebars';
import { checkVariables, unknownVariable, type Variables } from './check-variables.js';
import { invalidTemplate, type ParsedTemplate, type TemplateTree } from './template-tree.js';

/**
 * Renders a prompt. Variables are strict, nothing is escaped (a prompt is not HTML), and the template can access only
 * the given variables.
 * @throws PlanError `PLAN_TEMPLATE_VARIABLE`, `PLAN_TEMPLATE_INVALID`
 */
export function renderTemplate(tree: TemplateTree, variables: Variables): string {
  checkVariables(tree.main, variables, false);
  for (const partial of tree.partials) checkVariables(partial, variables, true);
  const partials = Object.fromEntries(tree.partials.map((partial) => [partial.name, compiled(partial)]));
  try {
    return `${compiled(tree.main)(variables, { partials, ...ownFieldsOnly }).trim()}\n`;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const missing = /^"(.+)" not defined in /u.exec(message)?.[1];
    if (missing !== undefined) throw unknownVariable(tree.main.name, missing, variables);
    throw invalidTemplate(tree.main.name, message, error);
  }
}

const handlebars = Handlebars.create();
handlebars.registerHelper('eq', isEqual);
// Handlebars' own helper that prints. To the compiler it is a name like any other.
handlebars.unregisterHelper('log');
const knownHelpers = { log: false };

/** The default, but without the warning that Handlebars prints. */
const ownFieldsOnly = { allowProtoMethodsByDefault: false, allowProtoPropertiesByDefault: false };

/** Compiling takes longer than everything else done with a template. */
const functions = new WeakMap<ParsedTemplate, HandlebarsTemplateDelegate>();

function compiled(template: ParsedTemplate): HandlebarsTemplateDelegate {
  const known = functions.get(template);
  if (known !== undefined) return known;
  const made = handlebars.compile(template.text, { strict: true, noEscape: true, knownHelpers });
  functions.set(template, made);
  return made;
}

/** `{{#if (eq a b)}}` and `{{#eq a b}}…{{else}}…{{/eq}}`. */
function isEqual(this: unknown, left: unknown, right: unknown, call: Handlebars.HelperOptions): unknown {
  const equal = left === right;
  // Used as a block, the helper receives its two bodies.
  if (typeof call.fn !== 'function') return equal;
  return equal ? call.fn(this) : call.inverse(this);
}
