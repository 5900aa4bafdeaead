import { createEventQueue } from './event-queue.js';
import type { ProjectEvent, ProjectWatch, WatchOptions } from './project-event.js';

/** Passed to the function that detects changes. */
export interface WatchWork {
  readonly emit: (event: ProjectEvent) => void;
  /** Called once no later change can be missed. */
  readonly onReady: () => void;
  /** Aborts the work, which then rejects with the reason. */
  readonly signal: AbortSignal;
  readonly pollMs: number;
}

/**
 * Starts a watch driven by `work`, which begins at once and never ends by itself. If it fails, so does the watch.
 * @param onEnd called once, when the watch has ended
 */
export function startWatch(
  options: WatchOptions,
  onEnd: (watch: ProjectWatch) => void,
  work: (context: WatchWork) => Promise<never>,
): ProjectWatch {
  const { signal, maxQueued = 1_000, pollMs = 2_000 } = options;
  checkCount('maxQueued', maxQueued);
  checkCount('pollMs', pollMs);
  const queue = createEventQueue(maxQueued);
  const ready = Promise.withResolvers<void>();
  const ending = new AbortController();
  let open = true;

  function end(failure?: { readonly error: unknown }): void {
    if (!open) return;
    open = false;
    signal?.removeEventListener('abort', abort);
    queue.end(failure);
    if (failure === undefined) ready.resolve();
    else ready.reject(failure.error);
    ending.abort();
    onEnd(watch);
  }

  function abort(): void {
    end({ error: signal?.reason });
  }

  const watch: ProjectWatch = {
    ready: ready.promise,
    async next() {
      const event = await queue.take();
      return event === undefined ? { done: true, value: undefined } : { done: false, value: event };
    },
    async return() {
      end();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => watch,
    async [Symbol.asyncDispose]() {
      end();
    },
  };
  // Awaiting `ready` is optional: the iteration reports the failure as well.
  ready.promise.catch(() => undefined);
  signal?.addEventListener('abort', abort, { once: true });
  // Deferred until the caller has the watch.
  if (signal?.aborted) queueMicrotask(abort);
  else {
    const context = { emit: queue.push, onReady: ready.resolve, signal: ending.signal, pollMs };
    void work(context).catch((error: unknown) => end({ error }));
  }
  return watch;
}

function checkCount(option: string, value: number): void {
  if (Number.isInteger(value) && value > 0 && value < 2 ** 31) return;
  throw new RangeError(`${option} must be a whole number from 1 to 2147483647, received ${String(value)}`);
}
