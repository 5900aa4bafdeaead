import type { PathStep } from './path.js';
import type { TextVariation } from './text-variation.js';

/**
 * What kind of difference it is: how a text varies, if that is all; else `text` for what is asked, `order` for the same items in
 * another order, `item added` and `item removed` for lists such as messages, `model`, any other `parameter` of the body, a `header`,
 * or the `scope`: who is asked, and for whom.
 */
export type DifferenceClass =
  | TextVariation
  | 'text'
  | 'order'
  | 'item added'
  | 'item removed'
  | 'model'
  | 'parameter'
  | 'header'
  | 'scope';

/** Members of a body, in any of the wire formats, that hold what is asked. */
const contents: ReadonlySet<PathStep | undefined> = new Set([
  'messages',
  'input',
  'instructions',
  'system',
  'prompt',
]);

/** A difference, apart from what the two values are. */
export interface Differing {
  readonly where: 'scope' | 'headers' | 'body';
  readonly path: readonly PathStep[];
  readonly kind: 'changed' | 'only-here' | 'only-there';
  readonly isReordered?: boolean;
  /** For two texts: all that differs in them. */
  readonly onlyIn?: readonly TextVariation[];
}

/** Of several variations the one that is hardest to leave out tells the class: the first of these. */
const order: readonly TextVariation[] = ['timestamp', 'uuid', 'id', 'number', 'case', 'white space'];

export function classOf({ where, path, kind, isReordered, onlyIn = [] }: Differing): DifferenceClass {
  if (where === 'scope') return 'scope';
  if (where === 'headers') return 'header';
  if (path.length === 1 && path[0] === 'model') return 'model';
  if (isReordered === true) return 'order';
  if (kind !== 'changed' && path.length > 1 && typeof path.at(-1) !== 'string')
    return kind === 'only-here' ? 'item added' : 'item removed';
  const variation = order.find((name) => onlyIn.includes(name));
  return variation ?? (contents.has(path[0]) ? 'text' : 'parameter');
}
