/** Longest that a timer can wait. */
const longestMs = 2 ** 31 - 1;

const queues = new Map<string, Array<() => void>>();

/**
 * FIFO queue per key within this process, so that its callers do not poll the file system against each other.
 * @returns the function that admits the next caller, or undefined if `waitMs` elapsed first
 */
export async function enterQueue(key: string, waitMs: number): Promise<(() => void) | undefined> {
  const waiting = queues.get(key);
  if (waiting === undefined) {
    queues.set(key, []);
  } else if (!(await takeTurn(waiting, waitMs))) {
    return undefined;
  }
  return () => {
    const next = queues.get(key)?.shift();
    if (next === undefined) queues.delete(key);
    else next();
  };
}

function takeTurn(waiting: Array<() => void>, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const enter = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(
      () => {
        waiting.splice(waiting.indexOf(enter), 1);
        resolve(false);
      },
      Math.min(waitMs, longestMs),
    );
    waiting.push(enter);
  });
}
