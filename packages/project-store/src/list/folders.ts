import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { errorCode, exhaustedHint, isExhausted } from '../fs/error-code.js';
import { failedRead } from '../fs/safe-read.js';
import type { ProjectDamage } from '../project.js';
import { readRegistry } from '../registry.js';
import { StoreError } from '../store-error.js';

/** A folder where a project should be. */
export interface Folder {
  /** Absolute path. */
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  /** A real folder directly in the root: watching the root and the folder reveals every change to it. */
  readonly plain: boolean;
  /** Why it must not be opened, if so. */
  readonly refused?: { readonly damage: ProjectDamage; readonly reason: string };
}

/** All project folders: those in the root, then the registered ones. */
export async function listFolders(root: string, registryFile: string): Promise<Folder[]> {
  const inside = await foldersInRoot(root);
  const known = new Map(inside.map((folder) => [folder.path, folder]));
  return [...inside, ...(await registeredFolders(known, registryFile))];
}

/** Registered folders, except those that are also in the root. */
export async function registeredFolders(
  inside: ReadonlyMap<string, Folder>,
  registryFile: string,
): Promise<Folder[]> {
  try {
    const registered = await readRegistry(registryFile);
    return registered
      .filter((path) => !inside.has(path))
      .map((path) => ({ path, name: lastPart(path), plain: false }));
  } catch (error) {
    if (!StoreError.isInstance(error) || isExhausted(error)) throw error;
    // The other projects are intact: list them, and show the damaged registry as an entry of its own.
    const refused = { damage: 'garbled', reason: error.message } as const;
    return [{ path: registryFile, name: lastPart(registryFile), plain: false, refused }];
  }
}

/** Candidate project folders in the root, in no particular order. Empty if the root does not exist. */
export async function foldersInRoot(root: string): Promise<Folder[]> {
  const entries = await readRoot(root);
  const folders: Folder[] = [];
  for (const entry of entries) {
    const found = judge(root, entry.name, entry);
    // Most entries are folders, and awaiting each of thousands would be slow.
    const folder = found instanceof Promise ? await found : found;
    if (folder !== undefined) folders.push(folder);
  }
  return folders;
}

/** The current state of a single entry of the root. */
export async function folderNamed(root: string, name: string): Promise<Folder | undefined> {
  try {
    return await judge(root, name, await lstat(join(root, name)));
  } catch (error) {
    return failedRead(error, join(root, name));
  }
}

export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf(sep) + 1);
}

async function readRoot(root: string): Promise<Dirent[]> {
  try {
    return await readdir(root, { withFileTypes: true });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw new StoreError(
      'STORE_UNREADABLE',
      `Cannot read the projects folder ${root}: ${errorCode(error)}.`,
      {
        hint: isExhausted(error) ? exhaustedHint : 'Check that it is a folder and that you may read it.',
        retryable: isExhausted(error),
        cause: error,
      },
    );
  }
}

type EntryKind = Pick<Dirent, 'isDirectory' | 'isSymbolicLink'>;

function judge(root: string, name: string, kind: EntryKind): Folder | Promise<Folder> | undefined {
  // Names with a leading dot are ours (trash, drafts) or belong to other tools.
  if (name.startsWith('.')) return undefined;
  // Concatenated, since `join` would take as long as listing the folder. The root of a disk already ends in a separator.
  const path = root.endsWith(sep) ? `${root}${name}` : `${root}${sep}${name}`;
  if (kind.isDirectory()) return { path, name, plain: true };
  if (!kind.isSymbolicLink()) return undefined;
  return judgeLink(root, path).then((refusal) => ({ path, name, plain: false, ...refusal }));
}

const outward = 'it is a symbolic link that leads out of the projects folder';

/** A link may lead elsewhere within the root; one that leads out of it is listed but not followed. */
async function judgeLink(root: string, path: string): Promise<Pick<Folder, 'refused'>> {
  try {
    const [base, target] = await Promise.all([realpath(root), realpath(path)]);
    if (target.startsWith(base + sep)) return {};
    return { refused: { damage: 'link', reason: `${outward}, to ${target}` } };
  } catch (error) {
    if (errorCode(error) !== 'ELOOP') failedRead(error, path);
    return { refused: { damage: 'link', reason: 'it is a symbolic link to nowhere' } };
  }
}
