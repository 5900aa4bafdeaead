import Handlebars from 'handlebars';
import { checkVariables, unknownVariable, type Variables } from './check-variables.js';
import { invalidTemplate, type TemplateTree } from './template-tree.js';

/**
 * The text of a prompt. Variables are strict, nothing is escaped (a prompt is not HTML), and the template sees the
 * given variables and nothing else.
 * @throws PlanError `PLAN_TEMPLATE_VARIABLE`, `PLAN_TEMPLATE_INVALID`
 */
export function renderTemplate(tree: TemplateTree, variables: Variables): string {
  checkVariables(tree.main, variables, false);
  for (const partial of tree.partials) checkVariables(partial, variables, true);
  const handlebars = Handlebars.create();
  handlebars.registerHelper('eq', isEqual);
  const partials = Object.fromEntries(tree.partials.map(({ name, text }) => [name, text]));
  for (const [name, text] of Object.entries(partials)) handlebars.registerPartial(name, text);
  try {
    const render = handlebars.compile(tree.main.text, { strict: true, noEscape: true });
    return `${render(variables).trim()}\n`;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const missing = /^"(.+)" not defined in /u.exec(message)?.[1];
    if (missing !== undefined) throw unknownVariable(tree.main.name, missing, variables);
    throw invalidTemplate(tree.main.name, message, error);
  }
}

/** `{{#if (eq a b)}}` and `{{#eq a b}}…{{else}}…{{/eq}}`. */
function isEqual(this: unknown, left: unknown, right: unknown, call: Handlebars.HelperOptions): unknown {
  const equal = left === right;
  // As a block the helper is handed its two bodies.
  if (typeof call.fn !== 'function') return equal;
  return equal ? call.fn(this) : call.inverse(this);
}
