import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes a file of an earlier layout and what belongs to it: nobody reads it any more, and it would take room beside the bound. A process
 * of an earlier version goes on with what it has open.
 */
export async function removeOlderFile(directory: string, name: string): Promise<void> {
  for (const found of await readdir(directory)) {
    if (!found.startsWith(name)) continue;
    await rm(join(directory, found), { force: true }).catch(() => {
      // Where files that are open cannot be removed: a later opening does it.
    });
  }
}
