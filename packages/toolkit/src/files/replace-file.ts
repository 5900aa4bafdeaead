import { chmod, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileLock } from '@ai-toolkit/project-store';
import { makeFolder } from './make-folder.js';

/** How long to wait for other processes, ms. Each takes no longer than it takes to write a small file. */
const lockWaitMs = 30_000;

/**
 * Changes a small file that is its owner's alone: reads it (`undefined` where there is none), and puts what `change` makes of it in
 * its place, whole or not at all. Processes that change it at the same time take turns. Fails with the error of the file system, or
 * with `STORE_LOCKED` when another process does not come to an end.
 */
export async function replaceFile(
  file: string,
  change: (text: string | undefined) => string | Promise<string>,
): Promise<void> {
  await makeFolder(dirname(file));
  // A file that is kept elsewhere and linked stays there.
  const target = await realpath(file).catch(() => file);
  await using _lock = await lock(target);
  const before = await readIfThere(target);
  const after = await change(before);
  if (after === before) await chmod(target, 0o600);
  else await writeWhole(target, after);
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

/** The lock of a process that died is taken over: it is known by that process, and not by what some clock says. */
async function lock(target: string): Promise<FileLock> {
  // Only when something is written: reading a configuration is on the way to every command.
  const { acquireLock, describeHolder, StoreError } = await import('@ai-toolkit/project-store');
  const found = await acquireLock(`${target}.lock`, { waitMs: lockWaitMs, clock: Date.now }).catch(
    (error) => {
      throw StoreError.isInstance(error) ? (error.cause ?? error) : error;
    },
  );
  if (found.lock !== undefined) return found.lock;
  throw new StoreError('STORE_LOCKED', `${target} is being changed by ${describeHolder(found.holder)}.`, {
    hint: 'Wait for it to finish, or stop it, then try again.',
    retryable: true,
  });
}

/** To be called by the holder of the lock alone. */
async function writeWhole(target: string, text: string): Promise<void> {
  const next = `${target}.new`;
  // That of a process which was killed as it wrote.
  await rm(next, { force: true });
  try {
    {
      await using handle = await open(next, 'wx', 0o600);
      await handle.writeFile(text);
      await handle.sync();
    }
    await rename(next, target);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}
