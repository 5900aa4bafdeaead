import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { bootId } from '../boot-id.js';
import { isAlive } from '../is-alive.js';

/**
 * What a process announces with a small file beside the cache file.
 *
 * `open`: it uses the file. A marker left behind means that the process did not end properly.
 *
 * `unsynced`: it has made commits that may not be on disk yet, because commits are not synced one by one. If only the process dies, nothing
 * is lost: the system still writes its pages. If the machine goes down, some pages may be missing, and LMDB would trust the rest. A marker
 * from an earlier boot reveals that.
 */
export type MarkerKind = 'open' | 'unsynced';

/** Markers to remove when the process exits, whether the cache was closed or not. */
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
    // Everything is in the name, so a process killed between creating a file and filling it leaves no half-written marker.
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
      // Must be on disk before the commits that it warns of.
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
  /** No running process owns it. */
  readonly isLeft: boolean;
}

/** The markers of running processes, and those that dead ones have left. */
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
