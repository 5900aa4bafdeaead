import type { PathStep } from './path.js';
import type { TextVariation } from './text-variation.js';

/**
 * Kind of a difference: how a text varies, if that is all; otherwise `text` for the prompt, `order` for the same items in another order,
 * `item added` and `item removed` for lists such as messages, `model`, any other `parameter` of the body, a `header`, or the `scope`: the
 * provider, tenant and so on.
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

/** Fields of a body, in any wire format, that contain the prompt. */
const contents: ReadonlySet<PathStep | undefined> = new Set([
  'messages',
  'input',
  'instructions',
  'system',
  'prompt',
]);

/** A difference without the two values. */
export interface Differing {
  readonly where: 'scope' | 'headers' | 'body';
  readonly path: readonly PathStep[];
  readonly kind: 'changed' | 'only-here' | 'only-there';
  readonly isReordered?: boolean;
  /** For two texts: the only kinds of variation between them. */
  readonly onlyIn?: readonly TextVariation[];
}

/** Of several variations, the one hardest to eliminate determines the class: the first in this order. */
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
