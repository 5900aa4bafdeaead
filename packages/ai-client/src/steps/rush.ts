/**
 * Makes a counter of answers that tells of each whether they come so fast that one transaction for several is worth a wait: more than
 * `count` within `withinMs`. `now`: a monotonic clock, ms.
 */
export function createRush(
  count: number,
  withinMs: number,
  now: () => number = () => performance.now(),
): () => boolean {
  /** When the last `count` answers came, in turn. */
  const cameAt = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  return () => {
    const at = now();
    const since = cameAt[next] ?? at;
    cameAt[next] = at;
    next = (next + 1) % count;
    return at - since < withinMs;
  };
}
