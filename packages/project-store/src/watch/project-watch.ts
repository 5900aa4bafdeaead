import { ensureFolders } from '../fs/atomic-write.js';
import { isLocalFolder } from '../fs/file-system-kind.js';
import { type FollowContext, followReports } from './follow.js';
import { pollFolders } from './poll.js';
import type { ProjectEvent, ProjectWatch, WatchOptions } from './project-event.js';
import { startWatch } from './start-watch.js';

export interface WatchContext {
  readonly root: string;
  readonly registryFile: string;
  /** Called once, when the watch has ended. */
  readonly onEnd: (watch: ProjectWatch) => void;
}

/** Starts watching the folders of projects. */
export function watchFolders(
  { root, registryFile, onEnd }: WatchContext,
  options: WatchOptions,
): ProjectWatch {
  return startWatch(options, onEnd, (work) => run({ root, registryFile, ...work }, work.pollMs));
}

async function run(context: FollowContext, pollMs: number): Promise<never> {
  const { root, emit, onReady } = context;
  // A missing folder cannot be watched. If this process cannot create it, another one may.
  await ensureFolders(root).catch(() => undefined);
  const rescan: ProjectEvent = { kind: 'rescan' };
  let told = onReady;
  while (await isLocalFolder(root)) {
    if ((await followReports({ ...context, onReady: told })) === 'refused') break;
    told = () => emit(rescan);
  }
  return pollFolders({ ...context, onReady: told }, pollMs);
}
