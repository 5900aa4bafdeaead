import type { Target } from './target.js';

interface Weighted {
  readonly target: Target;
  readonly weight: number;
}

/** Hex digits of a key that fit a double exactly: 52 bits. */
const digits = 13;

/**
 * Orders the targets for one request by weighted rendezvous hashing (Thaler and Ravishankar 1998; weights as in Schindelhauer and Schomaker
 * 2005). Over many requests, each target is first in proportion to its weight. The same request always gets the same order, so that its
 * answer is found again, and adding or removing a target moves as few requests as possible.
 */
export function spread(targets: readonly Weighted[]): Target[] {
  return targets
    .map(({ target, weight }) => ({ target, score: -weight / Math.log(fraction(target.key)) }))
    .sort((a, b) => b.score - a.score)
    .map(({ target }) => target);
}

/** The key covers target and request, so it serves as the hash for rendezvous hashing. Above 0 and below 1. */
function fraction(key: string | undefined): number {
  if (key === undefined) return Math.random() || Number.MIN_VALUE;
  return (Number.parseInt(key.slice(0, digits), 16) + 0.5) / 16 ** digits;
}
