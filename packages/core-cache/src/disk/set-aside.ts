import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../clock.js';

/**
 * Moves a file that cannot be trusted out of the way and removes its companions. One such file is kept for inspection; older ones are
 * removed.
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

/** Distinguishes a file from another of the same name. */
export async function identityOf(file: string): Promise<string> {
  const { dev, ino } = await stat(file);
  return `${dev} ${ino}`;
}

/** {@link setAside}, unless another process has already done so and the file is a new one. */
export async function setAsideIfStill(
  identity: string,
  file: string,
  companions: readonly string[],
  clock: Clock,
): Promise<void> {
  const current = await identityOf(file).catch(() => undefined);
  if (current === identity) await setAside(file, companions, clock);
}
