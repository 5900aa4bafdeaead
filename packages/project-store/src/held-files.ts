import { removeFile, writeFileAtomic } from './fs/atomic-write.js';
import { type ProjectRecord, writeProject } from './project-file.js';

/**
 * Writes the files of a project under its lock. A process that was suspended for long may have lost the lock without
 * noticing, so each method first checks that it is still held: `STORE_LOCK_LOST`. Only a process suspended between the
 * check and the write, for longer than the life of the lock, can still replace a file of its successor.
 */
export interface HeldFiles {
  assertHeld(): Promise<void>;
  write(path: string, text: string): Promise<void>;
  /** A missing file is not an error. */
  remove(path: string): Promise<void>;
  writeProject(record: ProjectRecord): Promise<void>;
}

/** @param assertHeld throws StoreError `STORE_LOCK_LOST` if the lock is no longer held */
export function createHeldFiles(assertHeld: () => Promise<void>): HeldFiles {
  return {
    assertHeld,
    async write(path, text) {
      await assertHeld();
      await writeFileAtomic(path, text);
    },
    async remove(path) {
      await assertHeld();
      await removeFile(path);
    },
    async writeProject(record) {
      await assertHeld();
      await writeProject(record);
    },
  };
}
