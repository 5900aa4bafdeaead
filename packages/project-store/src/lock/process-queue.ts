const queues = new Map<string, Array<() => void>>();

/**
 * First come, first served within this process, so that its own callers do not poll the file system against each other.
 * @returns the function that lets the next one in, or undefined when `waitMs` were over first
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
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(enter), 1);
      resolve(false);
    }, waitMs);
    waiting.push(enter);
  });
}
