import { lockLost } from '../failures.js';
import { stageLock } from '../layout.js';
import { type FileLock, isHeldBy, lockHolder } from '../lock/file-lock.js';
import type { LockOwner } from '../lock/lock-owner.js';
import type { ProjectRecord } from '../project-file.js';
import type { StageLock } from '../store.js';
import type { StageRef } from './stage.js';

/** The stages that a store runs, from acquisition to release. */
export interface HeldStages {
  add(id: string, stage: StageRef, lock: FileLock): StageLock;
  /** @throws StoreError `STORE_LOCK_LOST` if this store held the stage and another process has taken it over */
  assertHeld(project: ProjectRecord, stage: StageRef): Promise<void>;
}

export function createHeldStages(): HeldStages {
  const held = new Map<string, LockOwner>();
  return {
    add(id, stage, lock) {
      const key = keyOf(id, stage);
      held.set(key, lock.owner);
      const added: StageLock = {
        release() {
          if (held.get(key) === lock.owner) held.delete(key);
          return lock.release();
        },
        [Symbol.asyncDispose]: () => added.release(),
      };
      return added;
    },
    async assertHeld(project, stage) {
      const owner = held.get(keyOf(project.id, stage));
      // The folder may have been renamed since.
      const path = stageLock(project.path, stage);
      if (owner === undefined || (await isHeldBy(path, owner))) return;
      throw lockLost(`Stage ${stage.number} of ${project.id}`, await lockHolder(path));
    },
  };
}

function keyOf(id: string, stage: StageRef): string {
  return `${stage.number} ${id}`;
}
