import { basename, dirname, join } from 'node:path';
import { processTag, tagState } from '../lock/process-tag.js';
import { randomToken } from './token.js';

/*
 * Names of what is not finished: hidden, different each time, and with the tag of the process that is at it. `repair`
 * knows them by this shape.
 */
const draft = /^\.new-[0-9a-z]{8}-([0-9a-z-]+)$/u;
const temporary = /\.[0-9a-z]{8}-([0-9a-z-]+)\.tmp$/u;

/** For a file that will be `path`. */
export async function temporaryName(path: string): Promise<string> {
  return join(dirname(path), `.${basename(path)}.${randomToken(8)}-${await processTag()}.tmp`);
}

/** For a folder that will be one of `parent`. */
export async function draftName(parent: string): Promise<string> {
  return join(parent, `.new-${randomToken(8)}-${await processTag()}`);
}

/** Whether the process that makes this lives. Undefined when the name is not one of a temporary file or draft. */
export async function writerState(name: string): Promise<'alive' | 'dead' | 'unknown' | undefined> {
  const tag = (draft.exec(name) ?? temporary.exec(name))?.[1];
  return tag === undefined ? undefined : tagState(tag);
}
