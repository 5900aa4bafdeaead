import Handlebars from 'handlebars';
import { PlanError } from '../plan-error.js';
import type { ParsedTemplate } from './template-tree.js';

/** Values of a prompt: plain objects only, so that a template can reach nothing but their own fields. */
export interface Variables {
  readonly [name: string]: string | number | Variables;
}

/**
 * Finds unknown variables anywhere in a template: Handlebars' own strict mode ignores them as arguments of helpers and
 * partials. An optional variable is tested with `{{#if …}}` and may then be used inside that block.
 * @throws PlanError `PLAN_TEMPLATE_VARIABLE`
 */
export function checkVariables(template: ParsedTemplate, variables: Variables, isPartial: boolean): void {
  const optional: string[] = [];
  /** Blocks and partials may introduce names of their own; only outside them is every name known. */
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
      // With parameters, the path names a helper, which rendering checks.
      if (mustache.params.length === 0 && !mustache.hash) {
        this.accept(mustache.path);
        this.refuseGroup(mustache.path);
      }
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
      if (valueAt(variables, path.parts) !== undefined) return;
      throw unknownVariable(template.name, path.original, variables, path.loc.start.line);
    }

    /** `{{project}}` would be rendered as `[object Object]`. */
    refuseGroup(expression: hbs.AST.Expression): void {
      if (expression.type !== 'PathExpression' || ownNames > 0) return;
      const { parts, original, loc } = expression as hbs.AST.PathExpression;
      if (parts.length === 0 || typeof valueAt(variables, parts) !== 'object') return;
      throw unknownVariable(template.name, original, variables, loc.start.line);
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

function valueAt(variables: Variables, parts: readonly string[]): Variables[string] | undefined {
  let value: Variables[string] | undefined = variables;
  for (const part of parts) {
    if (typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

/** These variables differ between runs or stages. */
function mayBeAbsent(path: string): boolean {
  return path.startsWith('vars.') || path.startsWith('inputs.');
}

function pathOf(expression: hbs.AST.Expression): string {
  return expression.type === 'PathExpression' ? (expression as hbs.AST.PathExpression).original : '';
}

/** Paths in a condition, including those inside `(eq a b)`. */
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
