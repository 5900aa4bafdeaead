import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '../store-error.js';
import { errorCode, isMissing } from './error-code.js';
import { type Stamp, stampOf } from './stamp.js';

export interface TextFile {
  readonly text: string;
  /** As it was before the text was read: whatever happens meanwhile makes it another one. */
  readonly stamp: Stamp;
}

export const exhaustedHint =
  'This process has too many files open. Close some, or raise the limit (ulimit -n), then try again.';

const scratch: Buffer = Buffer.allocUnsafeSlow(64 * 1024);

/** No text of a project is larger than this; what is, was not made by a person or a model. */
const maxTextBytes = 128 * 1024 * 1024;

/*
 * A symbolic link is refused: a project from elsewhere could otherwise send any file of this user to a provider. The
 * open does not wait, so that a pipe without a writer cannot hold anybody up. Neither flag exists on Windows.
 */
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The text of a file, or undefined when there is none.
 * @throws StoreError `STORE_OUTSIDE_ROOT` for a symbolic link, `STORE_UNREADABLE`
 */
export async function readText(path: string): Promise<string | undefined> {
  return (await readTextFile(path, maxTextBytes))?.text;
}

/** As `readText`, with the stamp of the file. What is larger than `maxBytes` is refused unread. */
export async function readTextFile(path: string, maxBytes: number): Promise<TextFile | undefined> {
  // Other parts of the process may use all the files that it may open, for a moment.
  for (const waitMs of [10, 40, 160, undefined]) {
    try {
      return await readOnce(path, maxBytes);
    } catch (error) {
      if (waitMs === undefined || !isExhausted(error)) return failedRead(error, path);
      await sleep(waitMs);
    }
  }
  return undefined;
}

/** As `readTextFile`, at once: several times faster where the file system answers from memory. */
export function readTextFileSync(path: string, maxBytes: number): TextFile | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, flags);
    const stats = fstatSync(file);
    checkFile(stats, path, maxBytes);
    return { text: readRest(file), stamp: stampOf(stats) };
  } catch (error) {
    return failedRead(error, path);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Refuses a folder inside a project that is really a symbolic link to somewhere else. Missing is fine. */
export async function refuseLinkedFolder(path: string): Promise<void> {
  try {
    if ((await lstat(path)).isSymbolicLink()) throw symbolicLink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Whether a failure is the process's or the system's shortage of open files, and says nothing of the file. */
export function isExhausted(error: unknown): boolean {
  const cause = StoreError.isInstance(error) ? error.cause : error;
  return errorCode(cause) === 'EMFILE' || errorCode(cause) === 'ENFILE';
}

async function readOnce(path: string, maxBytes: number): Promise<TextFile> {
  const handle = await open(path, flags);
  try {
    const stats = await handle.stat();
    checkFile(stats, path, maxBytes);
    return { text: await handle.readFile('utf8'), stamp: stampOf(stats) };
  } finally {
    await handle.close();
  }
}

/** Most files fit into one read of memory that is there already. */
function readRest(file: number): string {
  const length = readSync(file, scratch, 0, scratch.length, 0);
  return length < scratch.length ? scratch.toString('utf8', 0, length) : readFileSync(file, 'utf8');
}

function checkFile(stats: Stats, path: string, maxBytes: number): void {
  if (!stats.isFile())
    throw unreadable(path, stats.isDirectory() ? 'it is a folder' : 'it is no ordinary file');
  if (stats.size > maxBytes) {
    throw unreadable(path, `it has ${stats.size} bytes, and more than ${maxBytes} are not read`);
  }
}

function failedRead(error: unknown, path: string): undefined {
  if (isMissing(error)) return undefined;
  if (StoreError.isInstance(error)) throw error;
  if (errorCode(error) === 'ELOOP' || errorCode(error) === 'EMLINK') throw symbolicLink(path, error);
  throw unreadable(path, errorCode(error) ?? String(error), error);
}

function unreadable(path: string, reason: string, cause?: unknown): StoreError {
  return new StoreError('STORE_UNREADABLE', `Cannot read ${path}: ${reason}.`, {
    hint: isExhausted(cause) ? exhaustedHint : 'Check that it is a file and that you may read it.',
    retryable: isExhausted(cause),
    ...(cause === undefined ? {} : { cause }),
  });
}

function symbolicLink(path: string, cause?: unknown): StoreError {
  return new StoreError(
    'STORE_OUTSIDE_ROOT',
    `${path} is a symbolic link, which a project may not contain.`,
    {
      hint: 'Replace the link by the file or folder itself.',
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
