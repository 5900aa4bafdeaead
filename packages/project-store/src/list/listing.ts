import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { isLocalFolder } from '../fs/file-system-kind.js';
import type { ProjectSummary } from '../project.js';
import type { ChangeNotebook, ChangeNotes } from './change-notes.js';
import { type ListEntry, newestFirst, summarize } from './entry.js';
import { type Folder, folderNamed, foldersInRoot, lastPart, registeredFolders } from './folders.js';
import type { IndexFile } from './index-file.js';
import { lookAt } from './look.js';
import { shareNext } from './share-next.js';
import type { Sight } from './sight.js';

export interface Listing {
  /** Latest change first, damaged entries last. Reflects a moment after the call. */
  read(): Promise<ListEntry[]>;
  /** Reads every project and rebuilds the index. @returns the number of projects */
  rebuild(): Promise<number>;
  /** Discards everything in memory. Resolves when no write is pending. */
  forget(): Promise<void>;
}

export interface ListingOptions {
  readonly root: string;
  readonly registryFile: string;
  readonly index: IndexFile;
  readonly notebook: ChangeNotebook;
}

/** The index is rewritten once more than one entry in this many is out of date. */
const unsavedShare = 50;
/**
 * Above this number of folders, the first list of a process neither sets up watches nor waits for the index write: each
 * takes a fifth of the reading time, and only later lists benefit.
 */
const many = 1_000;
/** Delay after that first list before the watches are set up, ms, unless the process ends or lists again first. */
const soonMs = 50;

/**
 * Lists projects. A `project.json` is read again only if its stamp changed; where the system reports every change, only
 * reported projects are checked at all.
 */
export function createListing({ root, registryFile, index, notebook }: ListingOptions): Listing {
  let sights: Map<string, Sight<ProjectSummary>> | undefined;
  /** Candidates in the root by path; those with unreported changes; and registered folders. */
  let inside = new Map<string, Folder>();
  let unreported = new Map<string, Folder>();
  let outside = new Map<string, Folder>();
  let identity: string | undefined;
  let sorted: readonly ListEntry[] | undefined;
  let unsaved = 0;
  let reading = false;
  let rebuilding = false;
  let forgetting = false;
  let writing: Promise<void> | undefined;
  let uncovered = false;
  let coverSoon: NodeJS.Timeout | undefined;

  const read = shareNext(async () => {
    reading = true;
    try {
      await look();
      const written = unsaved > table().size / unsavedShare ? save(table()) : undefined;
      if (inside.size <= many) await written;
      sorted ??= [...table().values()].flatMap(({ entry }) => entry ?? []).sort(newestFirst);
      return sorted;
    } catch (error) {
      notebook.distrust();
      throw error;
    } finally {
      reading = false;
      if (uncovered) coverSoon = setTimeout(() => void read().catch(() => undefined), soonMs).unref();
      uncovered = false;
      if (forgetting) forget();
    }
  });

  async function save(whole: ReadonlyMap<string, Sight<ProjectSummary>>): Promise<void> {
    unsaved = 0;
    await writing;
    // Let the caller that waits for the list continue first.
    writing = setImmediate().then(() => index.write(whole));
    await writing;
  }

  function table(): Map<string, Sight<ProjectSummary>> {
    sights ??= new Map();
    return sights;
  }

  async function look(): Promise<void> {
    if (rebuilding) {
      rebuilding = false;
      sights = new Map();
      sorted = undefined;
      unsaved = Number.POSITIVE_INFINITY;
      notebook.distrust();
    }
    const before = identity;
    identity = await identify(root);
    const notes = sights !== undefined && identity === before ? await notebook.take() : undefined;
    if (notes === undefined) await lookEverywhere();
    else await lookAgain(notes);
  }

  async function lookEverywhere(): Promise<void> {
    const local = identity !== undefined && (await isLocalFolder(root));
    if (local) notebook.begin();
    else notebook.close();
    const folders = await foldersInRoot(root);
    inside = new Map(folders.map((folder) => [folder.path, folder]));
    unreported = new Map();
    clearTimeout(coverSoon);
    uncovered = sights === undefined && folders.length > many;
    if (uncovered) notebook.close();
    await cover(folders);
    await findElsewhere();
    sights ??= await index.read();
    note(await lookAt([...folders, ...outside.values()], table(), { local, view: summarize }));
    for (const path of table().keys()) if (!inside.has(path) && !outside.has(path)) drop(path);
  }

  async function lookAgain(notes: ChangeNotes): Promise<void> {
    const come: Folder[] = [];
    for (const name of new Set([...notes.names, ...[...unreported.values()].map((folder) => folder.name)])) {
      const folder = await folderNamed(root, name);
      if (folder === undefined) drop(join(root, name));
      else come.push(folder);
    }
    for (const folder of come) inside.set(folder.path, folder);
    await cover(come);
    if (notes.names.has(lastPart(registryFile))) await findElsewhere();
    const stirred = [...notes.folders].flatMap((path) => inside.get(path) ?? []);
    const again = new Set([...come, ...stirred, ...outside.values()]);
    note(await lookAt([...again], table(), { local: true, view: summarize }));
  }

  async function cover(folders: readonly Folder[]): Promise<void> {
    await notebook.cover(folders.filter(({ plain }) => plain).map(({ path }) => path));
    for (const folder of folders) {
      // A link can be retargeted without a report.
      if (folder.plain && notebook.covers(folder.path)) unreported.delete(folder.path);
      else unreported.set(folder.path, folder);
    }
  }

  async function findElsewhere(): Promise<void> {
    const before = outside;
    const folders = await registeredFolders(inside, registryFile);
    outside = new Map(folders.map((folder) => [folder.path, folder]));
    for (const path of before.keys()) if (!outside.has(path) && !inside.has(path)) drop(path);
  }

  /** Merges new findings into the table. */
  function note(found: ReadonlyMap<string, Sight<ProjectSummary>>): void {
    for (const [path, sight] of found) {
      if (table().get(path) === sight) continue;
      if (sight.stamp !== undefined) unsaved += 1;
      table().set(path, sight);
      sorted = undefined;
    }
  }

  function drop(path: string): void {
    inside.delete(path);
    unreported.delete(path);
    notebook.uncover(path);
    if (!table().delete(path)) return;
    unsaved += 1;
    sorted = undefined;
  }

  function forget(): void {
    clearTimeout(coverSoon);
    forgetting = reading;
    if (reading) return;
    sights = undefined;
    sorted = undefined;
    unsaved = 0;
    inside.clear();
    outside.clear();
    unreported.clear();
    notebook.close();
  }

  return {
    read: async () => (await read()).slice(),
    async rebuild() {
      rebuilding = true;
      return (await read()).filter(({ kind }) => kind === 'project').length;
    },
    async forget() {
      forget();
      await writing;
    },
  };
}

/** Distinguishes a folder from a later one at the same path. Undefined if there is none. */
async function identify(folder: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(folder);
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}
