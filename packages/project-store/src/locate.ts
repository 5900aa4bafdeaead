import { ambiguous, nameTwice, notFound } from './failures.js';
import { isExhausted } from './fs/error-code.js';
import { mapConcurrent } from './fs/map-concurrent.js';
import { FILE_CONCURRENCY } from './fs/map-files.js';

import type { ListEntry } from './list/entry.js';
import { type Folder, lastPart, listFolders } from './list/folders.js';
import type { Listing } from './list/listing.js';
import { nearNames } from './naming/near-names.js';
import { maxReadable, readablePart } from './naming/project-id.js';
import { nameKey } from './naming/slug.js';
import type { ProjectSummary } from './project.js';
import { type ProjectRecord, readProject } from './project-file.js';
import { StoreError } from './store-error.js';

/** Bound on remembered paths, so that ids of deleted projects do not pile up. */
const maxRemembered = 10_000;

export interface Locator {
  /**
   * Finds a project by its id or folder name, or by its name or an id prefix if only one matches.
   * @throws StoreError `STORE_PROJECT_NOT_FOUND`, `STORE_PROJECT_AMBIGUOUS`, `STORE_PROJECT_DAMAGED`
   */
  find(reference: string): Promise<ProjectRecord>;
  forget(): void;
}

export function createLocator(root: string, registryFile: string, listing: Listing): Locator {
  const paths = new Map<string, string>();

  /** Without reading every project: tries the remembered path, then folders named like the reference or its readable part. */
  async function findQuickly(key: string): Promise<ProjectRecord | undefined> {
    const path = paths.get(key);
    const remembered = path === undefined ? undefined : await readProject(path).catch(() => undefined);
    if (remembered !== undefined && nameKey(remembered.id) === key) return remembered;
    const all = await listFolders(root, registryFile);
    const readable = readablePart(key);
    if (readable === key) {
      // Not shaped like an id, so no id can take precedence over this folder.
      const named = all.filter((folder) => nameKey(folder.name) === key);
      const [only] = named;
      if (named.length !== 1 || only === undefined) return undefined;
      // Without a project.json, the folder may be none of ours.
      return only.refused === undefined ? readProject(only.path) : openFolder(only);
    }
    const likely = all.filter((folder) => beginsAs(nameKey(folder.name), readable));
    if (likely.length > FILE_CONCURRENCY) return undefined;
    const found = (await readAll(likely)).filter((record) => nameKey(record.id) === key);
    return found.length === 1 ? found[0] : undefined;
  }

  async function findAnywhere(reference: string, key: string): Promise<ProjectRecord> {
    const entries = (await listing.read()).sort((a, b) => (a.path < b.path ? -1 : 1));
    const projects = entries.filter((entry) => entry.kind === 'project');
    const sameId = projects.filter(({ id }) => nameKey(id) === key);
    const sameFolder = entries.filter(({ path }) => nameKey(lastPart(path)) === key);
    const sameName = projects.filter(({ name }) => nameKey(name) === key);
    const sameStart = projects.filter(({ id }) => nameKey(id).startsWith(key));
    if (sameId.length === 1 && sameId[0] !== undefined) return openEntry(sameId[0]);
    if (sameFolder.length === 1 && sameFolder[0] !== undefined) return openEntry(sameFolder[0]);
    if (sameId.length > 1) throw sameIdTwice(key, sameId);
    if (sameName.length === 1 && sameName[0] !== undefined) return openEntry(sameName[0]);
    if (sameStart.length === 1 && sameStart[0] !== undefined) return openEntry(sameStart[0]);
    if (sameStart.length > 1) {
      throw ambiguous(
        key,
        sameStart.map(({ id }) => id),
      );
    }
    if (sameName.length > 1) {
      throw nameTwice(
        reference,
        sameName.map(({ id }) => id),
      );
    }
    // A damaged project has no readable id, but its folder name usually matches the readable part of the id.
    const readable = readablePart(key);
    const damaged = entries.filter(
      ({ kind, path }) =>
        kind === 'damaged' && readable !== key && beginsAs(nameKey(lastPart(path)), readable),
    );
    if (damaged[0] !== undefined) return openEntry(damaged[0]);
    const known = projects.map(({ id, name, path }) => ({ id, name, folder: lastPart(path) }));
    throw notFound(reference, nearNames(reference, known));
  }

  return {
    async find(reference) {
      if (typeof reference !== 'string') {
        throw new TypeError(`id must be a string, received ${typeof reference}`);
      }
      const key = nameKey(reference.trim());
      if (key === '') throw notFound(reference);
      const record = (await findQuickly(key)) ?? (await findAnywhere(reference, key));
      if (paths.size >= maxRemembered) paths.clear();
      paths.set(nameKey(record.id), record.path);
      return record;
    },
    forget: () => paths.clear(),
  };
}

/** Whether a new project with this readable part could have been given this folder name. */
function beginsAs(folder: string, readable: string): boolean {
  // Long names are truncated in the id but not in the folder name.
  if ([...readable].length >= maxReadable - 1) return folder.startsWith(readable);
  return (
    folder === readable ||
    (folder.startsWith(`${readable}-`) && /^\d+$/u.test(folder.slice(readable.length + 1)))
  );
}

/** Reads all readable projects. Damaged ones are skipped; the list reports them. */
async function readAll(folders: readonly Folder[]): Promise<ProjectRecord[]> {
  const records = await mapConcurrent(folders, FILE_CONCURRENCY, async (folder) =>
    folder.refused === undefined ? readProject(folder.path).catch(passDamaged) : undefined,
  );
  return records.filter((record) => record !== undefined);
}

function passDamaged(error: unknown): undefined {
  if (!StoreError.isInstance(error) || isExhausted(error)) throw error;
  return undefined;
}

function openEntry(entry: ListEntry): Promise<ProjectRecord> {
  const link = entry.kind === 'damaged' && entry.damage === 'link';
  return openFolder(link ? { path: entry.path, refused: entry } : { path: entry.path });
}

async function openFolder(folder: Pick<Folder, 'path' | 'refused'>): Promise<ProjectRecord> {
  if (folder.refused !== undefined) {
    throw new StoreError('STORE_OUTSIDE_ROOT', `${folder.path} is not opened: ${folder.refused.reason}.`, {
      hint: 'Register the folder itself if its project belongs here.',
    });
  }
  const record = await readProject(folder.path);
  if (record !== undefined) return record;
  throw new StoreError('STORE_PROJECT_DAMAGED', `${folder.path} has no project.json.`, {
    hint: 'Bring the file back, or move the folder out of the projects folder.',
  });
}

function sameIdTwice(key: string, copies: readonly ProjectSummary[]): StoreError {
  const folders = copies.map(({ path }) => lastPart(path)).slice(0, 8);
  return new StoreError(
    'STORE_PROJECT_AMBIGUOUS',
    `Several folders have the id ${key}: ${folders.join(', ')}.`,
    {
      hint: 'Name the folder instead, or give the copy an id of its own in its project.json.',
    },
  );
}
