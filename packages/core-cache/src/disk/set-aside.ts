import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../clock.js';

/**
 * Moves a file that cannot be trusted out of the way; one such file is kept for inspection, older ones go, and so do the files
 * that belong to it.
 */
export async function setAside(file: string, companions: readonly string[], clock: Clock): Promise<void> {
  const directory = dirname(file);
  const prefix = `${basename(file)}.damaged-`;
  for (const name of await readdir(directory)) {
    if (name.startsWith(prefix)) await rm(join(directory, name), { force: true });
  }
  await rename(file, `${file}.damaged-${clock.now()}`);
  for (const suffix of companions) await rm(`${file}${suffix}`, { force: true });
}
