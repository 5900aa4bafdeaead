import { open, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { bootId } from './boot-id.js';
import { isAlive } from './is-alive.js';

const INFIX = '.unsynced-';

/**
 * A small file beside the cache file that says: this process has written what may not have reached the disk yet.
 *
 * Commits are not synced one by one. The end of a process costs nothing, the system still writes its pages; but when the
 * machine goes down, some of them may be missing and LMDB would trust the rest. A marker from an earlier boot gives that away.
 */
export class DirtyMarker {
  readonly #path: string;
  #isSet = false;

  constructor(cacheFile: string, nonce: string) {
    this.#path = `${cacheFile}${INFIX}${process.pid}-${nonce}`;
  }

  get isSet(): boolean {
    return this.#isSet;
  }

  /** On disk before anything that it warns of. */
  async set(): Promise<void> {
    const file = await open(this.#path, 'w');
    try {
      await file.writeFile(bootId());
      await file.sync();
    } finally {
      await file.close();
    }
    this.#isSet = true;
  }

  /** After a sync that nothing was written behind. */
  async unset(): Promise<void> {
    this.#isSet = false;
    await rm(this.#path, { force: true });
  }
}

/** Whether the machine went down before everything in the file was synced. Takes the markers away that say so, or say nothing. */
export async function wasCutOff(cacheFile: string): Promise<boolean> {
  const directory = dirname(cacheFile);
  const prefix = `${basename(cacheFile)}${INFIX}`;
  let cutOff = false;
  for (const name of await readdir(directory)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(directory, name);
    const isThisBoot = (await readFile(path, 'utf8').catch(() => '')) === bootId();
    if (isThisBoot && isAlive(Number.parseInt(name.slice(prefix.length), 10))) continue;
    // A marker of a process that ended in this boot: its pages are safe with the system.
    if (!isThisBoot) cutOff = true;
    await rm(path, { force: true });
  }
  return cutOff;
}
