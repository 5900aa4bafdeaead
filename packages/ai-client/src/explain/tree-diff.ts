import { canonicalText, ExactNumber, type ExactValue } from '../key/canonical.js';
import { align } from './align.js';
import { asObject, member, type PathStep } from './path.js';

/** A place where two JSON values differ. A side is `undefined` if it has no value there. */
export interface TreeDifference {
  /** Path in the first value, or in the second if the first has nothing there. */
  readonly path: readonly PathStep[];
  readonly here: ExactValue;
  readonly there: ExactValue;
  /** Set if both are lists of the same items in another order. */
  readonly isReordered?: boolean;
}

/** How values are compared and paths are formed. */
export interface TreeRules {
  /** The same text for equal values, and only for those. */
  identity(value: ExactValue): string;
  /** The path step to an item. */
  step(list: readonly ExactValue[], index: number): PathStep;
}

const exactRules: TreeRules = {
  identity: (value) => canonicalText(value),
  step: (_list, index) => index,
};

/** Longer lists of numbers (tokens, vectors) that differ count as one difference. */
const maxListedScalars = 8;

/** The places where two values differ; empty if and only if they are equal by the rules. */
export function diffTrees(
  here: ExactValue,
  there: ExactValue,
  rules: TreeRules = exactRules,
): TreeDifference[] {
  const found: TreeDifference[] = [];
  compare(here, there, []);
  return found;

  function compare(a: ExactValue, b: ExactValue, path: readonly PathStep[]): void {
    if (a !== undefined && b !== undefined && rules.identity(a) === rules.identity(b)) return;
    const objects = [asObject(a), asObject(b)] as const;
    if (objects[0] !== undefined && objects[1] !== undefined) {
      for (const name of new Set([...Object.keys(objects[0]), ...Object.keys(objects[1])]))
        compareMember(member(objects[0], name), member(objects[1], name), [...path, name]);
    } else if (Array.isArray(a) && Array.isArray(b) && !isLongRow(a, b)) compareLists(a, b, path);
    else found.push({ path, here: a, there: b });
  }

  function compareMember(a: ExactValue, b: ExactValue, path: readonly PathStep[]): void {
    if (a === undefined && b === undefined) return;
    compare(a, b, path);
  }

  function compareLists(
    a: readonly ExactValue[] & ExactValue,
    b: readonly ExactValue[] & ExactValue,
    path: readonly PathStep[],
  ): void {
    const [here, there] = [a.map(rules.identity), b.map(rules.identity)];
    if (isReordered(here, there)) {
      found.push({ path, here: a, there: b, isReordered: true });
      return;
    }
    const likenessOf = (i: number, j: number): number => likeness(a[i], b[j], rules);
    for (const [i, j] of align(here, there, likenessOf)) {
      const step = i === undefined ? rules.step(b, j ?? 0) : rules.step(a, i);
      compare(i === undefined ? undefined : a[i], j === undefined ? undefined : b[j], [...path, step]);
    }
  }
}

function isReordered(here: readonly string[], there: readonly string[]): boolean {
  if (here.length !== there.length) return false;
  const [sorted, other] = [[...here].sort(), [...there].sort()];
  return sorted.every((identity, index) => identity === other[index]);
}

function isLongRow(a: readonly ExactValue[], b: readonly ExactValue[]): boolean {
  const isNumber = (value: ExactValue): boolean => typeof value === 'number' || value instanceof ExactNumber;
  return Math.max(a.length, b.length) > maxListedScalars && a.every(isNumber) && b.every(isNumber);
}

/** How much two different values have in common, below 1. */
function likeness(a: ExactValue, b: ExactValue, rules: TreeRules): number {
  if (typeof a === 'string' && typeof b === 'string') return textLikeness(a, b);
  const objects = [asObject(a), asObject(b)] as const;
  if (objects[0] === undefined || objects[1] === undefined)
    return Array.isArray(a) && Array.isArray(b) ? 0.1 : 0;
  const names = new Set([...Object.keys(objects[0]), ...Object.keys(objects[1])]);
  let common = 0;
  for (const name of names) {
    const [mine, other] = [member(objects[0], name), member(objects[1], name)];
    if (mine === undefined || other === undefined) continue;
    common += rules.identity(mine) === rules.identity(other) ? 1 : 0.9 * likeness(mine, other, rules);
  }
  return common / (names.size + 1);
}

/** Share of two texts that is the same at their beginning and end. */
function textLikeness(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  const longer = Math.max(a.length, b.length);
  let start = 0;
  while (start < shorter && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let end = 0;
  while (end < shorter - start && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end))
    end++;
  return (start + end) / (longer + 1);
}
