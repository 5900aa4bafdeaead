import { rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolders } from '../fs/atomic-write.js';
import { errorCode } from '../fs/error-code.js';
import { readTextFile } from '../fs/safe-read.js';
import { temporaryName } from '../fs/temporary-name.js';
import { makeInternalFolder } from '../internal-folder.js';
import { INTERNAL_FOLDER } from '../layout.js';
import type { ProjectSummary } from '../project.js';
import { StoreError } from '../store-error.js';
import { decodeIndex, encodeIndex, maxIndexBytes } from './index-format.js';
import type { Sight } from './sight.js';
import { textChecksum } from './text-checksum.js';

/** What became of the index: nothing depends on it, so its troubles are only told to those who ask. */
export interface IndexState {
  /** Absolute path of the index. */
  readonly file: string;
  /** `damaged` is also said of one that belongs to another folder. Either way it is ignored, and made anew if it can be. */
  readonly status: 'damaged' | 'good' | 'missing' | 'unreadable' | 'unwritable';
  /** Why it cannot be read or written. */
  readonly reason?: string;
}

/** The summaries of a list, kept on disk for the next process. */
export interface IndexFile {
  /** Folder in which it is. */
  readonly folder: string;
  /** What was found and is worth a look whether it still holds. Never fails. */
  read(): Promise<Map<string, Sight<ProjectSummary>>>;
  /** Never fails: without an index a list reads every project. */
  write(sights: ReadonlyMap<string, Sight<ProjectSummary>>): Promise<void>;
  state(): IndexState;
}

/** @param cacheDir Default: a folder in the root that git is told to ignore, made when the root exists. */
export function createIndexFile(root: string, cacheDir: string | undefined): IndexFile {
  const folder = cacheDir ?? join(root, INTERNAL_FOLDER);
  // Several roots may share a folder for caches.
  const file = join(folder, `projects-${textChecksum(root)}.json`);
  let state: IndexState = { file, status: 'missing' };

  async function makeFolder(): Promise<void> {
    if (cacheDir === undefined) await makeInternalFolder(root);
    else await ensureFolders(cacheDir);
  }

  return {
    folder,
    async read() {
      try {
        const read = await readTextFile(file, maxIndexBytes);
        const sights = read && decodeIndex(read.text, root);
        state = { file, status: read === undefined ? 'missing' : sights === undefined ? 'damaged' : 'good' };
        return sights ?? new Map();
      } catch (error) {
        state = { file, status: 'unreadable', reason: reasonOf(error) };
        return new Map();
      }
    },
    async write(sights) {
      const temporary = await temporaryName(file);
      try {
        await makeFolder();
        // Not flushed: a checksum finds what a power failure leaves. For the eyes of its owner, as the projects may be.
        await writeFile(temporary, encodeIndex(sights, root), { flag: 'wx', mode: 0o600 });
        await rename(temporary, file);
        state = { file, status: 'good' };
      } catch (error) {
        await unlink(temporary).catch(() => undefined);
        state = { file, status: 'unwritable', reason: reasonOf(error) };
      }
    },
    state: () => state,
  };
}

function reasonOf(error: unknown): string {
  const cause = StoreError.isInstance(error) ? (error.cause ?? error) : error;
  return errorCode(cause) ?? (cause instanceof Error ? cause.message : String(cause));
}
