import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes a file of an earlier layout and its companions: nobody reads them any more, and they would take space beyond the limit. A running
 * process of an earlier version keeps using the files that it has open.
 */
export async function removeOlderFile(directory: string, name: string): Promise<void> {
  for (const found of await readdir(directory)) {
    if (!found.startsWith(name)) continue;
    await rm(join(directory, found), { force: true }).catch(() => {
      // Some systems cannot remove open files; a later open does it.
    });
  }
}
