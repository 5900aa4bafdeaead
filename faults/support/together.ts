/** Runs `task` for each index below `count`, by `callers` concurrent callers. */
export async function together<Result>(
  count: number,
  callers: number,
  task: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = Array.from({ length: count });
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      results[index] = await task(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(callers, count) }, caller));
  return results;
}

/** Polls until `holds` is true, every 50 ms; `play` bounds the time. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await pause(50);
}

/** Waits, for faults that last a while. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
