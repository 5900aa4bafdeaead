import Handlebars from 'handlebars';
import { PlanError } from '../plan-error.js';
import type { ParsedTemplate } from './template-tree.js';

/** Values of a prompt: plain objects all the way down, so that nothing but their own fields can be named. */
export interface Variables {
  readonly [name: string]: string | number | Variables;
}

/**
 * Finds variables that do not exist, wherever they stand: Handlebars' own strict mode lets them pass silently as
 * arguments of helpers and partials. A variable that is optional is asked for by `{{#if …}}` and may then be used inside.
 * @throws PlanError `PLAN_TEMPLATE_VARIABLE`
 */
export function checkVariables(template: ParsedTemplate, variables: Variables, isPartial: boolean): void {
  const optional: string[] = [];
  /** Blocks and partials may bring names of their own; only outside of them every name is known. */
  let ownNames = isPartial ? 1 : 0;

  class Checker extends Handlebars.Visitor {
    override BlockStatement(block: hbs.AST.BlockStatement): void {
      const isCondition = ['if', 'unless'].includes(pathOf(block.path));
      const asked = isCondition ? block.params.flatMap(pathsIn).filter(mayBeAbsent) : [];
      optional.push(...asked);
      for (const parameter of block.params) this.accept(parameter);
      if (!isCondition) ownNames += 1;
      this.accept(block.program);
      if (block.inverse) this.accept(block.inverse);
      if (!isCondition) ownNames -= 1;
      optional.splice(optional.length - asked.length);
    }

    override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
      // With parameters the path names a helper, which rendering knows.
      if (mustache.params.length === 0 && !mustache.hash) this.accept(mustache.path);
      for (const parameter of mustache.params) this.accept(parameter);
    }

    override SubExpression(call: hbs.AST.SubExpression): void {
      for (const parameter of call.params) this.accept(parameter);
    }

    override PartialStatement(partial: hbs.AST.PartialStatement): void {
      for (const parameter of partial.params) this.accept(parameter);
      for (const pair of partial.hash?.pairs ?? []) this.accept(pair.value);
    }

    override PathExpression(path: hbs.AST.PathExpression): void {
      const [root] = path.parts;
      if (path.data || path.depth > 0 || root === undefined || optional.includes(path.original)) return;
      if (!Object.hasOwn(variables, root) && ownNames > 0) return;
      if (resolves(variables, path.parts)) return;
      throw unknownVariable(template.name, path.original, variables, path.loc.start.line);
    }
  }
  new Checker().accept(template.program);
}

export function unknownVariable(
  template: string,
  variable: string,
  variables: Variables,
  line?: number,
): PlanError {
  const where = line === undefined ? template : `${template}, line ${line}`;
  return new PlanError('PLAN_TEMPLATE_VARIABLE', `Unknown variable ${variable} in the template ${where}.`, {
    hint: variable.startsWith('vars.')
      ? `Give it with the run (${variable.slice('vars.'.length)}=VALUE), or ask for it with {{#if ${variable}}}.`
      : `The variables are: ${leaves(variables).join(', ')}.`,
  });
}

function resolves(variables: Variables, parts: readonly string[]): boolean {
  let value: Variables[string] = variables;
  for (const part of parts) {
    if (typeof value !== 'object' || !Object.hasOwn(value, part)) return false;
    const next: Variables[string] | undefined = value[part];
    if (next === undefined) return false;
    value = next;
  }
  return true;
}

/** Which variables there are differs from run to run, or from stage to stage. */
function mayBeAbsent(path: string): boolean {
  return path.startsWith('vars.') || path.startsWith('inputs.');
}

function pathOf(expression: hbs.AST.Expression): string {
  return expression.type === 'PathExpression' ? (expression as hbs.AST.PathExpression).original : '';
}

/** Paths in a condition, also inside `(eq a b)`. */
function pathsIn(expression: hbs.AST.Expression): string[] {
  if (expression.type === 'PathExpression') return [pathOf(expression)];
  if (expression.type !== 'SubExpression') return [];
  return (expression as hbs.AST.SubExpression).params.flatMap(pathsIn);
}

function leaves(variables: Variables, prefix = ''): string[] {
  return Object.entries(variables).flatMap(([name, value]) =>
    typeof value === 'object' ? leaves(value, `${prefix}${name}.`) : [`${prefix}${name}`],
  );
}
