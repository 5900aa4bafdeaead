import { basename, dirname, join } from 'node:path';
import type { OwnerState } from '../lock/lock-owner.js';
import { processTag, tagState } from '../lock/process-tag.js';
import { randomToken, tokenCharacter } from './token.js';

/*
 * Names of unfinished files and folders, and of folders that are being removed: hidden, unique, and tagged with the
 * process that uses them. `repair` recognises them by these patterns, and removes nothing else: a name must be whole,
 * tag included, since these folders also hold files that are not ours.
 */
const folder = new RegExp(`^\\.(?:new|old)-${tokenCharacter}{8}-([0-9a-z-]+)$`, 'u');
const temporary = new RegExp(`^\\..+\\.${tokenCharacter}{8}-([0-9a-z-]+)\\.tmp$`, 'u');

/** Temporary name for the file that will become `path`. */
export async function temporaryName(path: string): Promise<string> {
  return join(dirname(path), `.${basename(path)}.${randomToken(8)}-${await processTag()}.tmp`);
}

/** Temporary name for a folder that will be moved to its final name in `parent`. */
export async function draftName(parent: string): Promise<string> {
  return join(parent, `.new-${randomToken(8)}-${await processTag()}`);
}

/** Temporary name for a folder in `parent` that will be removed. */
export async function removalName(parent: string): Promise<string> {
  return join(parent, `.old-${randomToken(8)}-${await processTag()}`);
}

/** Whether the process that uses this file or folder is alive. Undefined if `name` is not a temporary name. */
export async function writerState(name: string): Promise<OwnerState | undefined> {
  const tag = (folder.exec(name) ?? temporary.exec(name))?.[1];
  return tag === undefined ? undefined : tagState(tag);
}
