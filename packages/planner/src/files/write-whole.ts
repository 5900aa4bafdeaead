import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writes `text` to `path` atomically: readers and crashes see the old file or the new one, whole. A link at `path` is
 * replaced, not followed.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await writeFlushed(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

/** Writes a new file and syncs it. Fails if it exists. */
export async function writeFlushed(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx');
  await file.writeFile(text);
  await file.sync();
}

/** A unique temporary name in the same folder. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.ai-toolkit-${randomBytes(8).toString('hex')}.tmp`);
}
