/** Runs a task for each of the numbers from 0 up, with so many callers that each take one after the other. */
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

/** Resolves once something holds that is looked at again and again; the runner bounds how long. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await pause(50);
}

/** Lets time pass, for faults that last. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
