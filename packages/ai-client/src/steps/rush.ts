/**
 * Detects a rush: the function it returns is called for each answer, and returns true if more than `count` came within `withinMs`, fast
 * enough for batching them into one transaction to be worth a wait. `now`: monotonic clock, ms.
 */
export function createRush(
  count: number,
  withinMs: number,
  now: () => number = () => performance.now(),
): () => boolean {
  /** Ring buffer of the times of the last `count` answers. */
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
