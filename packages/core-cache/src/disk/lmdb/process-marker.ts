import { open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { bootId } from '../boot-id.js';
import { isAlive } from '../is-alive.js';

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
    // All in the name: a process killed between making a file and filling it leaves nothing half said.
    this.#path = `${cacheFile}${INFIX}${bootId()}.${process.pid}.${nonce}`;
  }

  get isSet(): boolean {
    return this.#isSet;
  }

  /** On disk before anything that it warns of. */
  async set(): Promise<void> {
    const file = await open(this.#path, 'w');
    try {
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

interface LeftMarker {
  readonly path: string;
  readonly isOfThisBoot: boolean;
}

/** Markers that no running process stands behind. */
async function leftMarkers(cacheFile: string): Promise<LeftMarker[]> {
  const directory = dirname(cacheFile);
  const prefix = `${basename(cacheFile)}${INFIX}`;
  const left: LeftMarker[] = [];
  for (const name of await readdir(directory)) {
    if (!name.startsWith(prefix)) continue;
    const [boot, pid] = name.slice(prefix.length).split('.');
    const isOfThisBoot = boot === bootId();
    if (!isOfThisBoot || !isAlive(Number(pid))) left.push({ path: join(directory, name), isOfThisBoot });
  }
  return left;
}

/** Whether the machine went down before everything in the file was synced. The end of a mere process costs nothing. */
export async function wasCutOff(cacheFile: string): Promise<boolean> {
  return (await leftMarkers(cacheFile)).some((marker) => !marker.isOfThisBoot);
}

/** To be called once what they say has been acted upon. */
export async function removeLeftMarkers(cacheFile: string): Promise<void> {
  for (const { path } of await leftMarkers(cacheFile)) await rm(path, { force: true });
}
