import { isExhausted } from '../fs/error-code.js';
import type { FileWork } from '../fs/map-files.js';
import { readTextFile, readTextFileSync, type TextFile } from '../fs/safe-read.js';
import { isRacy, type Stamp } from '../fs/stamp.js';
import { projectFile } from '../layout.js';
import { ParseFailure } from '../parse.js';
import type { DamagedProject } from '../project.js';
import { damageMessage, decodeProject, maxProjectBytes, type ProjectRecord } from '../project-file.js';
import { StoreError } from '../store-error.js';
import { damaged } from './entry.js';
import type { Folder } from './folders.js';

/** What was found in a folder. `View` is the part the caller is interested in. */
export interface Sight<View> {
  /** Stamp of its `project.json`. Absent if there is none, or if the file may change again without a new stamp. */
  readonly stamp?: Stamp;
  /** Absent if the folder is not a project. */
  readonly entry?: View | DamagedProject;
}

/** Undefined if there is no `project.json`; an error if the failure says nothing about the file. */
export type Reading<View> = Sight<View> | StoreError | undefined;

/** The system clock, to compare with file times, which never follow an injected clock. */
const now = Date.now;

/** Reads a folder's `project.json`. Each text is released before the next is read, which spares the garbage collector. */
export function readingWork<View>(view: (record: ProjectRecord) => View): FileWork<Folder, Reading<View>> {
  function see(path: string, readAt: number, file: TextFile | undefined): Reading<View> {
    if (file === undefined) return undefined;
    const stamp = isRacy(file.stamp, readAt) ? {} : { stamp: file.stamp };
    try {
      return { ...stamp, entry: view(decodeProject(file.text, path)) };
    } catch (error) {
      if (!(error instanceof ParseFailure)) throw error;
      return { ...stamp, entry: damaged(path, error.damage, damageMessage(path, error)) };
    }
  }

  return {
    now({ path }) {
      const readAt = now();
      try {
        return see(path, readAt, readTextFileSync(projectFile(path), maxProjectBytes));
      } catch (error) {
        return seeFailure(path, error);
      }
    },
    async later({ path }) {
      const readAt = now();
      try {
        return see(path, readAt, await readTextFile(projectFile(path), maxProjectBytes));
      } catch (error) {
        return seeFailure(path, error);
      }
    },
  };
}

function seeFailure(path: string, error: unknown): StoreError | { readonly entry: DamagedProject } {
  if (!StoreError.isInstance(error)) throw error;
  return isExhausted(error) ? error : { entry: damaged(path, damageOf(error), error.message) };
}

function damageOf(error: StoreError): 'garbled' | 'link' | 'unreadable' {
  if (error.code === 'STORE_OUTSIDE_ROOT') return 'link';
  // With a cause, the system refused the read, which may be temporary; without one, we rejected the file itself.
  return error.cause === undefined ? 'garbled' : 'unreadable';
}
