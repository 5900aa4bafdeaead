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

/** State of the index. Nothing depends on the index, so its problems are only reported here. */
export interface IndexState {
  /** Absolute path of the index. */
  readonly file: string;
  /** `damaged` includes an index of another root. Either is ignored, and rebuilt if possible. */
  readonly status: 'damaged' | 'good' | 'missing' | 'unreadable' | 'unwritable';
  /** Why the index cannot be read or written. */
  readonly reason?: string;
}

/** The list's summaries, kept on disk for the next process. */
export interface IndexFile {
  /** Folder that contains the index. */
  readonly folder: string;
  /** The stored entries, which still have to be compared with the files. Never fails. */
  read(): Promise<Map<string, Sight<ProjectSummary>>>;
  /** Never fails: without an index a list reads every project. */
  write(sights: ReadonlyMap<string, Sight<ProjectSummary>>): Promise<void>;
  state(): IndexState;
}

/** @param cacheDir Default: the git-ignored folder `.ai-toolkit` in the root, created if the root exists. */
export function createIndexFile(root: string, cacheDir: string | undefined): IndexFile {
  const folder = cacheDir ?? join(root, INTERNAL_FOLDER);
  // Several roots may share one cache folder.
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
        // Not synced: the checksum detects what a power failure leaves. Owner-only, since the projects may be private.
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
