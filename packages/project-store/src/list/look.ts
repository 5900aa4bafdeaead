import { type Stats, statSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { errorCode } from '../fs/error-code.js';
import { mapConcurrent } from '../fs/map-concurrent.js';
import { FILE_CONCURRENCY, type FileWork, mapFiles } from '../fs/map-files.js';
import { failedRead } from '../fs/safe-read.js';
import { isSameStamp, type Stamp, stampOf } from '../fs/stamp.js';
import { ideaFile, projectFile, stagesFolder } from '../layout.js';
import type { ProjectRecord } from '../project-file.js';
import { StoreError } from '../store-error.js';
import { damaged } from './entry.js';
import type { Folder } from './folders.js';
import { readingWork, type Sight } from './sight.js';

export interface LookOptions<View> {
  /** The folders are on a local file system. */
  readonly local: boolean;
  readonly view: (record: ProjectRecord) => View;
}

/**
 * Checks folders, and reads each `project.json` whose stamp differs from the one in `known`. Both maps are keyed by
 * path.
 * @throws StoreError `STORE_UNREADABLE` when out of file descriptors: a list must not show a healthy project as damaged
 */
export async function lookAt<View>(
  folders: readonly Folder[],
  known: ReadonlyMap<string, Sight<View>>,
  { local, view }: LookOptions<View>,
): Promise<Map<string, Sight<View>>> {
  const sights = new Map<string, Sight<View>>();
  for (const { path, refused } of folders) {
    if (refused !== undefined) sights.set(path, { entry: damaged(path, refused.damage, refused.reason) });
  }
  const stamped = folders.filter(({ path }) => !sights.has(path) && known.get(path)?.stamp !== undefined);
  const stamps = await mapFiles(stamped, local, stampWork);
  for (const [index, { path }] of stamped.entries()) {
    const before = known.get(path);
    const stamp = stamps[index];
    if (before?.stamp && stamp && isSameStamp(before.stamp, stamp)) sights.set(path, before);
  }
  const unread = folders.filter(({ path }) => !sights.has(path));
  const work = readingWork(view);
  const readings = await mapFiles(unread, local, work);
  const headless: Folder[] = [];
  for (const [index, folder] of unread.entries()) {
    let reading = readings[index];
    // Retry, one file at a time and with pauses.
    if (StoreError.isInstance(reading)) reading = await work.later(folder);
    if (StoreError.isInstance(reading)) throw reading;
    if (reading === undefined) headless.push(folder);
    else sights.set(folder.path, reading);
  }
  const ours = await mapConcurrent(headless, FILE_CONCURRENCY, hasOurFiles);
  for (const [index, { path }] of headless.entries()) {
    sights.set(path, ours[index] ? { entry: damaged(path, 'missing', 'it has no project.json') } : {});
  }
  return sights;
}

const stampWork: FileWork<Folder, Stamp | undefined> = {
  now({ path }) {
    try {
      return toStamp(statSync(projectFile(path), { throwIfNoEntry: false }));
    } catch {
      // The attempt to read the file reports the cause.
      return undefined;
    }
  },
  later: ({ path }) => stat(projectFile(path)).then(toStamp, () => undefined),
};

/** A folder with our files but no `project.json` is a damaged project; any other folder is not ours. */
async function hasOurFiles({ path }: Folder): Promise<boolean> {
  return (await exists(stagesFolder(path))) || (await exists(ideaFile(path)));
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EACCES') failedRead(error, path);
    return false;
  }
}

function toStamp(stats: Stats | undefined): Stamp | undefined {
  return stats && stampOf(stats);
}
