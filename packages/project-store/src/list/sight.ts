import type { FileWork } from '../fs/map-files.js';
import { isExhausted, readTextFile, readTextFileSync, type TextFile } from '../fs/safe-read.js';
import { isRacy, type Stamp } from '../fs/stamp.js';
import { projectFile } from '../layout.js';
import { ParseFailure } from '../parse.js';
import type { DamagedProject } from '../project.js';
import { damageMessage, decodeProject, maxProjectBytes, type ProjectRecord } from '../project-file.js';
import { StoreError } from '../store-error.js';
import { damaged } from './entry.js';
import type { Folder } from './folders.js';

/** What was found in a folder, of which `View` is what the looker wants to know. */
export interface Sight<View> {
  /** Of its `project.json`. Absent when there is none, or when it may change once more without a sign. */
  readonly stamp?: Stamp;
  /** Absent when the folder is none of our business. */
  readonly entry?: View | DamagedProject;
}

/** Undefined when there is no `project.json`; an error when it says nothing of the file. */
export type Reading<View> = Sight<View> | StoreError | undefined;

/** The clock of this machine, for comparison with times of files: a clock that is injected is not theirs. */
const now = Date.now;

/** Reads a folder's `project.json`. Each text is gone before the next is read, which spares the collector much. */
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
  // Refused by the system, which may change its mind; without a cause it is by us, for what the file is.
  return error.cause === undefined ? 'garbled' : 'unreadable';
}
