import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '../store-error.js';
import { maxTextBytes } from '../text-limit.js';
import { errorCode, exhaustedHint, isExhausted, isMissing } from './error-code.js';
import { type Stamp, stampOf } from './stamp.js';

export interface TextFile {
  readonly text: string;
  /** Taken before the text was read, so a change during the read leads to a different stamp. */
  readonly stamp: Stamp;
}

const scratch: Buffer = Buffer.allocUnsafeSlow(64 * 1024);

/*
 * Symbolic links are refused: a project from elsewhere could otherwise send any file of this user to a provider. The
 * open does not block, so a FIFO without a writer cannot hang the process. Neither flag exists on Windows.
 */
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a text file. Undefined if it does not exist.
 * @throws StoreError `STORE_OUTSIDE_ROOT` for a symbolic link, `STORE_UNREADABLE`
 */
export async function readText(path: string, maxBytes: number = maxTextBytes): Promise<string | undefined> {
  return (await readTextFile(path, maxBytes))?.text;
}

/** Like `readText`, but refuses a file that is not UTF-8, which would be read with other characters in place of its own. */
export async function readUtf8(path: string): Promise<string | undefined> {
  const file = await readTextFile(path, maxTextBytes, (bytes) => {
    if (!isUtf8(bytes)) throw notUtf8(path);
  });
  return file?.text;
}

/** Like `readText`, with the stamp of the file. Files larger than `maxBytes` are refused unread. */
export async function readTextFile(
  path: string,
  maxBytes: number,
  check?: (bytes: Buffer) => void,
): Promise<TextFile | undefined> {
  // The rest of the process may briefly use up all file descriptors.
  for (const waitMs of [10, 40, 160, undefined]) {
    try {
      return await readOnce(path, maxBytes, check);
    } catch (error) {
      if (waitMs === undefined || !isExhausted(error)) return failedRead(error, path);
      await sleep(waitMs);
    }
  }
  return undefined;
}

/** Synchronous `readTextFile`: several times faster where the file system answers from memory. */
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

/** Refuses a folder inside a project that is a symbolic link. A missing folder is fine. */
export async function refuseLinkedFolder(path: string): Promise<void> {
  try {
    if ((await lstat(path)).isSymbolicLink()) throw symbolicLink(path);
  } catch (error) {
    failedRead(error, path);
  }
}

async function readOnce(
  path: string,
  maxBytes: number,
  check: ((bytes: Buffer) => void) | undefined,
): Promise<TextFile> {
  const handle = await open(path, flags);
  try {
    const stats = await handle.stat();
    checkFile(stats, path, maxBytes);
    const bytes = await handle.readFile();
    check?.(bytes);
    return { text: bytes.toString(), stamp: stampOf(stats) };
  } finally {
    await handle.close();
  }
}

/** Most files fit into a single read into the preallocated buffer. */
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

/** Passes over a missing file. @throws StoreError for every other failed system call */
export function failedRead(error: unknown, path: string): undefined {
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

function notUtf8(path: string): StoreError {
  return new StoreError('STORE_UNREADABLE', `Cannot keep the edit of ${path}: it is not UTF-8.`, {
    hint: 'Save the file as UTF-8, or move it away, then try again.',
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
