import { join } from 'node:path';
import type { DiskDriver } from './disk-driver.js';
import { whileOpening } from './lock-file.js';
import { removeOlderFile } from './older-file.js';
import { prepareDirectory } from './prepare-directory.js';
import { unavailable } from './unavailable.js';

/** Opens a cache file in a directory, alone among the processes of this machine. Rejects with `CACHE_STORE_UNAVAILABLE`. */
export async function openInDirectory(
  directory: string,
  names: { readonly file: string; readonly older: string },
  open: (file: string) => Promise<DiskDriver>,
): Promise<DiskDriver> {
  await prepareDirectory(directory);
  await removeOlderFile(directory, names.older);
  const file = join(directory, names.file);
  try {
    return await whileOpening(file, () => open(file));
  } catch (error) {
    throw unavailable(
      `The cache file ${file} cannot be opened`,
      'See the cause; the cache works without it.',
      error,
    );
  }
}
