import { statSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../clock.js';
import { whileOpening } from './lock-file.js';

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
  await removeAll(file, companions);
}

/** Removes the companions of a file that is not there: they may be in use by processes that still have the deleted file open. */
export async function removeOrphans(file: string, companions: readonly string[]): Promise<void> {
  if (identityOf(file) === undefined) await removeAll(file, companions);
}

async function removeAll(file: string, companions: readonly string[]): Promise<void> {
  for (const suffix of companions) await rm(`${file}${suffix}`, { force: true });
}

/** A cache file as it was opened, as opposed to another that may come to have its name. */
export class PlacedFile {
  readonly #file: string;
  readonly #companions: readonly string[];
  readonly #clock: Clock;
  readonly #identity: string | undefined;

  constructor(file: string, companions: readonly string[], clock: Clock) {
    this.#file = file;
    this.#companions = companions;
    this.#clock = clock;
    this.#identity = identityOf(file);
  }

  /** Whether the file is still under its name: it can be deleted, or set aside by another process, while it is open. */
  isInPlace(): boolean {
    try {
      return identityOf(this.#file) === this.#identity;
    } catch {
      // It cannot be told, as when the directory may no longer be read.
      return true;
    }
  }

  /** {@link setAside}, if it is still in place. */
  async setAside(): Promise<void> {
    // Without its directory there is no place for the lock either.
    if (!this.isInPlace()) return;
    await whileOpening(this.#file, async () => {
      if (this.isInPlace()) await setAside(this.#file, this.#companions, this.#clock);
    });
  }
}

function identityOf(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats && `${stats.dev} ${stats.ino}`;
}
