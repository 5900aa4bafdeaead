const queues = new Map<string, Array<() => void>>();

/**
 * First come, first served within this process, so that its own callers do not poll the file system against each other.
 * @returns the function that lets the next one in, or undefined when `signal` was aborted first
 */
export async function enterQueue(key: string, signal: AbortSignal): Promise<(() => void) | undefined> {
  const waiting = queues.get(key);
  if (waiting === undefined) {
    queues.set(key, []);
  } else if (!(await takeTurn(waiting, signal))) {
    return undefined;
  }
  return () => {
    const next = queues.get(key)?.shift();
    if (next === undefined) queues.delete(key);
    else next();
  };
}

function takeTurn(waiting: Array<() => void>, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const enter = (): void => {
      signal.removeEventListener('abort', leave);
      resolve(true);
    };
    const leave = (): void => {
      waiting.splice(waiting.indexOf(enter), 1);
      resolve(false);
    };
    signal.addEventListener('abort', leave, { once: true });
    waiting.push(enter);
  });
}
