import type { DifferenceClass } from './difference-class.js';
import type { TextVariation } from './text-variation.js';

/** One place where two requests differ. Values are JSON, shortened, with likely secrets redacted. */
export interface Difference {
  /** `scope`: the provider, tenant and other parts of the key besides headers and body. */
  readonly where: 'scope' | 'headers' | 'body';
  /** `messages[1].content`, `temperature`, `tenant`: the path in the first request, or in the second if only that has it. */
  readonly path: string;
  readonly kind: 'changed' | 'only-here' | 'only-there';
  readonly class: DifferenceClass;
  /** Value in the first request; absent if it has none. */
  readonly here?: string;
  /** Value in the second; absent if it has none, or only its hash was kept. */
  readonly there?: string;
  /** For two texts: the only kinds of variation between them. Absent if they differ in more, or one of them was not kept. */
  readonly onlyIn?: readonly TextVariation[];
  /** For two texts that were both kept: the parts that differ, in whole words, shortened, with likely secrets redacted. */
  readonly span?: { readonly here: string; readonly there: string };
  /** Whether it makes the keys differ; false for fields that are not part of the key. */
  readonly changesKey: boolean;
}

/** The differences between two requests. */
export interface Comparison {
  /** Whether they share an answer, if they can be cached at all. */
  readonly sameKey: boolean;
  /** At most 100; those that change the key come first. */
  readonly differences: readonly Difference[];
  /** Number of differences left out. */
  readonly omitted: number;
}

/** Describes one difference: `messages[0].content differs only in a timestamp ("… 10:15" here, "… 10:16" there)`. */
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
