import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { bootId } from '../boot-id.js';
import { isAlive } from '../is-alive.js';

/**
 * What a process says about itself by a small file beside the cache file.
 *
 * `open`: it uses the file. Left behind, it tells that the process did not come to a good end.
 *
 * `unsynced`: it has written what may not have reached the disk yet. Commits are not synced one by one. The end of a process costs
 * nothing, the system still writes its pages; but when the machine goes down, some of them may be missing and LMDB would trust
 * the rest. A marker from an earlier boot gives that away.
 */
export type MarkerKind = 'open' | 'unsynced';

/** Markers that go with the process, whether somebody closes the cache or not. */
const goingWithProcess: Set<string> = new Set();
let isListening = false;

function removeAll(): void {
  for (const path of goingWithProcess) rmSync(path, { force: true });
}

export class ProcessMarker {
  readonly #path: string;
  readonly #kind: MarkerKind;
  #isSet = false;

  constructor(cacheFile: string, kind: MarkerKind) {
    // All in the name: a process killed between making a file and filling it leaves nothing half said.
    const nonce = randomBytes(4).toString('hex');
    this.#path = `${cacheFile}.${kind}-${bootId()}.${process.pid}.${nonce}`;
    this.#kind = kind;
  }

  get isSet(): boolean {
    return this.#isSet;
  }

  async set(): Promise<void> {
    const file = await open(this.#path, 'w');
    try {
      // On disk before anything that it warns of.
      if (this.#kind === 'unsynced') await file.sync();
    } finally {
      await file.close();
    }
    this.#isSet = true;
    if (this.#kind !== 'open') return;
    goingWithProcess.add(this.#path);
    if (!isListening) process.once('exit', removeAll);
    isListening = true;
  }

  async unset(): Promise<void> {
    this.#isSet = false;
    goingWithProcess.delete(this.#path);
    await rm(this.#path, { force: true });
  }
}

export interface FoundMarker {
  readonly path: string;
  readonly kind: MarkerKind;
  readonly isOfThisBoot: boolean;
  /** No running process stands behind it. */
  readonly isLeft: boolean;
}

/** What processes say about themselves, and what those that are gone have left. */
export async function findMarkers(cacheFile: string): Promise<readonly FoundMarker[]> {
  const directory = dirname(cacheFile);
  const found: FoundMarker[] = [];
  for (const name of await readdir(directory)) {
    for (const kind of ['open', 'unsynced'] as const) {
      const prefix = `${basename(cacheFile)}.${kind}-`;
      if (!name.startsWith(prefix)) continue;
      const [boot, pid] = name.slice(prefix.length).split('.');
      const isOfThisBoot = boot === bootId();
      const isLeft = !isOfThisBoot || !isAlive(Number(pid));
      found.push({ path: join(directory, name), kind, isOfThisBoot, isLeft });
    }
  }
  return found;
}
