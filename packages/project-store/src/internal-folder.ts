import { join } from 'node:path';
import { ensureFolder, writeFileAtomic } from './fs/atomic-write.js';
import { readText, refuseLinkedFolder } from './fs/safe-read.js';
import { INTERNAL_FOLDER } from './layout.js';

/** Creates the folder for locks (and, in the root, for the index), with a `.gitignore` for all of it. `parent` must exist. */
export async function makeInternalFolder(parent: string): Promise<void> {
  const folder = join(parent, INTERNAL_FOLDER);
  await refuseLinkedFolder(folder);
  await ensureFolder(folder);
  const ignore = join(folder, '.gitignore');
  if ((await readText(ignore)) === undefined) await writeFileAtomic(ignore, '*\n');
}
