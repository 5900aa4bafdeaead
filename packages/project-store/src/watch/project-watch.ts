import { ensureFolders } from '../fs/atomic-write.js';
import { isLocalFolder } from '../fs/file-system-kind.js';
import { createEventQueue } from './event-queue.js';
import { type FollowContext, followReports } from './follow.js';
import { pollFolders } from './poll.js';
import type { ProjectEvent, ProjectWatch, WatchOptions } from './project-event.js';

export interface WatchContext {
  readonly root: string;
  readonly registryFile: string;
  /** Called once, when the watch has ended. */
  readonly onEnd: (watch: ProjectWatch) => void;
}

/** Watches the folders of projects from now on. */
export function watchFolders(context: WatchContext, options: WatchOptions): ProjectWatch {
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
    context.onEnd(watch);
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
  // Nobody has to wait for it: the iteration fails as well.
  ready.promise.catch(() => undefined);
  signal?.addEventListener('abort', abort, { once: true });
  // Not before the caller has the watch.
  if (signal?.aborted) queueMicrotask(abort);
  else {
    const { root, registryFile } = context;
    const follow = { root, registryFile, emit: queue.push, onReady: ready.resolve, signal: ending.signal };
    void run(follow, pollMs).catch((error: unknown) => end({ error }));
  }
  return watch;
}

async function run(context: FollowContext, pollMs: number): Promise<never> {
  const { root, emit, onReady } = context;
  // A folder that does not exist cannot be watched. Where it cannot be made, it may be by somebody else.
  await ensureFolders(root).catch(() => undefined);
  const rescan: ProjectEvent = { kind: 'rescan' };
  let told = onReady;
  while (await isLocalFolder(root)) {
    if ((await followReports({ ...context, onReady: told })) === 'refused') break;
    told = () => emit(rescan);
  }
  return pollFolders({ ...context, onReady: told }, pollMs);
}

function checkCount(option: string, value: number): void {
  if (Number.isInteger(value) && value > 0 && value < 2 ** 31) return;
  throw new RangeError(`${option} must be a whole number from 1 to 2147483647, received ${String(value)}`);
}
