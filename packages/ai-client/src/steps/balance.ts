import type { Target } from './target.js';

interface Weighted {
  readonly target: Target;
  readonly weight: number;
}

/** Hex digits of a key that a double holds exactly: 52 bits. */
const digits = 13;

/**
 * Targets in the order in which one request asks them: by weighted rendezvous hashing (Thaler and Ravishankar 1998; weights as in
 * Schindelhauer and Schomaker 2005). Over many requests each is first as often as its weight says; the same request always has
 * the same order, so that its answer is found again, and a target that comes or goes moves no more requests than it must.
 */
export function spread(targets: readonly Weighted[]): Target[] {
  return targets
    .map(({ target, weight }) => ({ target, score: -weight / Math.log(fraction(target.key)) }))
    .sort((a, b) => b.score - a.score)
    .map(({ target }) => target);
}

/** The key holds the target as well as the request, so it is the hash that the method asks for; above 0 and below 1. */
function fraction(key: string | undefined): number {
  if (key === undefined) return Math.random() || Number.MIN_VALUE;
  return (Number.parseInt(key.slice(0, digits), 16) + 0.5) / 16 ** digits;
}
