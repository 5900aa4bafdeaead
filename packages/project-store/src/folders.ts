import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { errorCode, isMissing } from './fs/error-code.js';
import { readRegistry } from './registry.js';
import { StoreError } from './store-error.js';

/** A place where a project should be. */
export interface Folder {
  /** Absolute path. */
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  /** Outside the root, remembered in the registry. */
  readonly registered: boolean;
  /** Why it may not be opened, when it may not. */
  readonly refused?: string;
}

/** All folders of projects: those in the root, by name, then those remembered from elsewhere. */
export async function listFolders(root: string, registryFile: string): Promise<Folder[]> {
  const [inside, registered] = await Promise.all([foldersInRoot(root), readRegistry(registryFile)]);
  const known = new Set(inside.map((folder) => folder.path));
  const outside = registered.filter((path) => !known.has(path));
  return [...inside, ...outside.map((path) => ({ path, name: lastPart(path), registered: true }))];
}

export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf(sep) + 1);
}

async function foldersInRoot(root: string): Promise<Folder[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(root, { withFileTypes: true });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw new StoreError(
      'STORE_UNREADABLE',
      `Cannot read the projects folder ${root}: ${errorCode(error)}.`,
      {
        hint: 'Check that it is a folder and that you may read it.',
        cause: error,
      },
    );
  }
  const folders: Folder[] = [];
  for (const entry of entries) {
    // Names with a leading dot are ours (trash, half-made folders) or those of other tools.
    if (entry.name.startsWith('.')) continue;
    const path = join(root, entry.name);
    const folder = { path, name: entry.name, registered: false };
    if (entry.isDirectory()) folders.push(folder);
    else if (entry.isSymbolicLink()) folders.push({ ...folder, ...(await judgeLink(root, path)) });
  }
  return folders.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A link may lead to another place in the root; one that leads out of it is shown and not followed. */
async function judgeLink(root: string, path: string): Promise<{ refused?: string }> {
  try {
    const [base, target] = await Promise.all([realpath(root), realpath(path)]);
    if (target.startsWith(base + sep)) return {};
    return { refused: `it is a symbolic link that leads out of the projects folder, to ${target}` };
  } catch (error) {
    if (isMissing(error) || errorCode(error) === 'ELOOP')
      return { refused: 'it is a symbolic link to nowhere' };
    throw error;
  }
}
