import { chmod, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileLock } from '@ai-toolkit/project-store';
import { makeFolder } from './make-folder.js';

/** How long to wait for other processes, ms. Each needs only as long as writing a small file takes. */
const lockWaitMs = 30_000;

/**
 * Changes a small private file atomically: passes its text (`undefined` if there is none) to `change` and replaces it
 * with the result. Concurrent processes take turns. Fails with the system's error, or with `STORE_LOCKED` if another
 * process does not finish.
 */
export async function replaceFile(
  file: string,
  change: (text: string | undefined) => string | Promise<string>,
): Promise<void> {
  await makeFolder(dirname(file));
  // Writes through a symbolic link rather than replacing it.
  const target = await realpath(file).catch(() => file);
  await using _lock = await lock(target);
  const before = await readIfThere(target);
  const after = await change(before);
  if (after === before) await chmod(target, 0o600);
  else await writeWhole(target, after);
}

/** The text of a file; `undefined` if it does not exist. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT' || fileErrorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** A code such as `ENOENT`; `undefined` unless it is a file system error. */
export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error
    ? error.code
    : undefined;
}

/** The lock of a dead process is taken over; its death is detected through the process, not by a clock. */
async function lock(target: string): Promise<FileLock> {
  // Loaded only for writing, since every command reads the configuration.
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

/** Only the lock holder may call this. */
async function writeWhole(target: string, text: string): Promise<void> {
  const next = `${target}.new`;
  // Left over from a process killed while writing.
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
