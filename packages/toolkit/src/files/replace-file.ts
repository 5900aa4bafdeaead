import { chmod, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeFolder } from './make-folder.js';

/** A process that writes a small file has ended, or has crashed, after this. */
const staleLockMs = 10_000;
const retryMs = 20;

/**
 * Changes a small file that is its owner's alone: reads it (`undefined` where there is none), and puts what `change` makes of it in
 * its place, whole or not at all. Processes that change it at the same time take turns. Fails with the error of the file system.
 */
export async function replaceFile(
  file: string,
  change: (text: string | undefined) => string | Promise<string>,
): Promise<void> {
  await makeFolder(dirname(file));
  // A file that is kept elsewhere and linked stays there.
  const target = await realpath(file).catch(() => file);
  await using next = await lock(`${target}.lock`);
  const before = await readIfThere(target);
  const after = await change(before);
  if (after === before) {
    await chmod(target, 0o600);
    return;
  }
  await next.take(target, after);
}

/** The text of a file; `undefined` where there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT' || fileErrorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** `ENOENT` and the like; `undefined` for what is no error of the file system. */
export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error
    ? error.code
    : undefined;
}

interface NextFile extends AsyncDisposable {
  /** Takes the place of `target`, with this text. */
  take(target: string, text: string): Promise<void>;
}

/** The file that takes the old one's place is the lock as well, as git has it. */
async function lock(path: string): Promise<NextFile> {
  for (;;) {
    try {
      const handle = await open(path, 'wx', 0o600);
      let isGone = false;
      return {
        async take(target, text) {
          await handle.writeFile(text);
          await handle.sync();
          await rename(path, target);
          isGone = true;
        },
        async [Symbol.asyncDispose]() {
          await handle.close();
          // What has this name by now is the lock of somebody else.
          if (!isGone) await rm(path, { force: true });
        },
      };
    } catch (error) {
      if (fileErrorCode(error) !== 'EEXIST') throw error;
      const modifiedAt = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
      if (Date.now() - modifiedAt > staleLockMs) await rm(path, { force: true });
      else await delay(retryMs);
    }
  }
}
