import type { DifferenceClass } from './difference-class.js';
import type { TextVariation } from './text-variation.js';

/** One place where two requests differ. Values are JSON, shortened, and without what looks like a secret. */
export interface Difference {
  /** `scope`: who is asked, and for whom. */
  readonly where: 'scope' | 'headers' | 'body';
  /** `messages[1].content`, `temperature`, `tenant`: the place in the first request, or in the second where only that has it. */
  readonly path: string;
  readonly kind: 'changed' | 'only-here' | 'only-there';
  readonly class: DifferenceClass;
  /** Value in the first request; absent where it has none. */
  readonly here?: string;
  /** Value in the second; absent where it has none, or where only a hash of it was kept. */
  readonly there?: string;
  /** For two texts: all that differs in them. Absent when more does, or when one of them was not kept. */
  readonly onlyIn?: readonly TextVariation[];
  /** For two texts that were both kept: the part that differs, in whole words, shortened and without what looks like a secret. */
  readonly span?: { readonly here: string; readonly there: string };
  /** Without it the keys could be the same; false for fields that are no part of the key. */
  readonly changesKey: boolean;
}

/** What makes two requests different. */
export interface Comparison {
  /** They share an answer, as far as they are cached. */
  readonly sameKey: boolean;
  /** At most 100, those that change the key first. */
  readonly differences: readonly Difference[];
  /** How many more there are. */
  readonly omitted: number;
}

/** One difference in words: `messages[0].content differs only in a timestamp ("… 10:15" here, "… 10:16" there)`. */
export function describeDifference({ path, kind, here, there, onlyIn = [] }: Difference): string {
  if (kind === 'only-here') return `${path} is only here${here === undefined ? '' : ` (${here})`}`;
  if (kind === 'only-there') return `${path} is only there${there === undefined ? '' : ` (${there})`}`;
  const values = [here === undefined ? [] : [`${here} here`], there === undefined ? [] : [`${there} there`]];
  const shown = values.flat().join(', ');
  const how = onlyIn.length === 0 ? 'differs' : `differs only in ${onlyIn.map(withArticle).join(' and ')}`;
  return `${path} ${how}${shown === '' ? '' : ` (${shown})`}`;
}

function withArticle(variation: TextVariation): string {
  return variation === 'case' || variation === 'white space' ? variation : `a ${variation}`;
}
