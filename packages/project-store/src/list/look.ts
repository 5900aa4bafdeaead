import { type Stats, statSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { errorCode, isMissing } from '../fs/error-code.js';
import { mapConcurrent } from '../fs/map-concurrent.js';
import { FILE_CONCURRENCY, type FileWork, mapFiles } from '../fs/map-files.js';
import { isExhausted, readTextFile, readTextFileSync, type TextFile } from '../fs/safe-read.js';
import { isRacy, isSameStamp, type Stamp, stampOf } from '../fs/stamp.js';
import { ideaFile, projectFile, stagesFolder } from '../layout.js';
import { ParseFailure } from '../parse.js';
import type { DamagedProject } from '../project.js';
import { damageMessage, decodeProject, maxProjectBytes, type ProjectRecord } from '../project-file.js';
import { StoreError } from '../store-error.js';
import { damaged } from './entry.js';
import type { Folder } from './folders.js';

/** What was found in a folder, of which `View` is what the looker wants to know. */
export interface Sight<View> {
  /** Of its `project.json`. Absent when there is none, or when it may change once more without a sign. */
  readonly stamp?: Stamp;
  /** Absent when the folder is none of our business. */
  readonly entry?: View | DamagedProject;
}

export interface LookOptions<View> {
  /** The folders are on a file system of this machine. */
  readonly local: boolean;
  readonly view: (record: ProjectRecord) => View;
}

/** The clock of this machine, for comparison with times of files: a clock that is injected is not theirs. */
const now = Date.now;

/**
 * Looks at folders, and reads the `project.json` of those in which it is another one than in `known`. Both by path.
 * @throws StoreError `STORE_UNREADABLE` when the process may not open more files
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
  const readAt = now();
  const files = await mapFiles(unread, local, readWork);
  for (const [index, { path }] of unread.entries()) {
    // With as few files open as can be, and some patience.
    if (isExhausted(files[index])) files[index] = await readTextFile(projectFile(path), maxProjectBytes);
  }
  const headless: Folder[] = [];
  for (const [index, folder] of unread.entries()) {
    const file = files[index];
    if (file === undefined) headless.push(folder);
    else sights.set(folder.path, sightOf(folder.path, file, { readAt, view }));
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
      // Whatever it is, the attempt to read the file will say it.
      return undefined;
    }
  },
  later: ({ path }) => stat(projectFile(path)).then(toStamp, () => undefined),
};

const readWork: FileWork<Folder, TextFile | StoreError | undefined> = {
  now({ path }) {
    try {
      return readTextFileSync(projectFile(path), maxProjectBytes);
    } catch (error) {
      return failedRead(error);
    }
  },
  later: ({ path }) => readTextFile(projectFile(path), maxProjectBytes).catch(failedRead),
};

function failedRead(error: unknown): StoreError {
  if (StoreError.isInstance(error)) return error;
  throw error;
}

function sightOf<View>(
  path: string,
  file: TextFile | StoreError,
  { readAt, view }: { readonly readAt: number; readonly view: (record: ProjectRecord) => View },
): Sight<View> {
  if (StoreError.isInstance(file)) return { entry: damaged(path, damageOf(file), file.message) };
  const stamp = isRacy(file.stamp, readAt) ? {} : { stamp: file.stamp };
  try {
    return { ...stamp, entry: view(decodeProject(file.text, path)) };
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    return { ...stamp, entry: damaged(path, error.damage, damageMessage(path, error)) };
  }
}

function damageOf(error: StoreError): 'garbled' | 'link' | 'unreadable' {
  if (error.code === 'STORE_OUTSIDE_ROOT') return 'link';
  // Refused by the system, which may change its mind; without a cause it is by us, for what the file is.
  return error.cause === undefined ? 'garbled' : 'unreadable';
}

/** A folder of something else is none of our business; one with our files has lost its heart. */
async function hasOurFiles({ path }: Folder): Promise<boolean> {
  return (await exists(stagesFolder(path))) || (await exists(ideaFile(path)));
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isMissing(error) || errorCode(error) === 'EACCES') return false;
    throw error;
  }
}

function toStamp(stats: Stats | undefined): Stamp | undefined {
  return stats && stampOf(stats);
}
