import { lockLost } from './failures.js';
import { causeCode, isMissing, writeFailure } from './fs/error-code.js';
import { createHeldFiles, type HeldFiles } from './held-files.js';
import { makeInternalFolder } from './internal-folder.js';
import { projectLock } from './layout.js';
import type { Locator } from './locate.js';
import {
  acquireLock,
  type FileLock,
  isHeldBy,
  type LockOptions,
  type LockResult,
  lockHolder,
} from './lock/file-lock.js';
import { lockedError } from './locked-error.js';
import { type ProjectRecord, readProject } from './project-file.js';
import { settleStages } from './stages/commit.js';
import { StoreError } from './store-error.js';

export interface Session {
  readonly locator: Locator;
  readonly clock: () => number;
  /** Runs `work` exclusively among all processes, on the current state of the project. It writes through `files`. */
  change<Result>(id: string, work: Work<Result>): Promise<Result>;
  /** Takes a lock file inside a project's folder. */
  lock(project: ProjectRecord, path: string, waitMs: number): Promise<LockResult>;
}

type Work<Result> = (project: ProjectRecord, files: HeldFiles) => Promise<Result>;

export interface SessionOptions extends LockOptions {
  /** Awaited before each change. */
  readonly beforeChange: () => Promise<void>;
  readonly locator: Locator;
}

export function createSession({ locator, clock, waitMs, beforeChange }: SessionOptions): Session {
  async function lock(project: ProjectRecord, path: string, wait: number): Promise<LockResult> {
    try {
      return await acquireLock(path, { clock, waitMs: wait });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    // A folder that came from git has no folder for locks yet; a deleted one cannot get it.
    await makeInternalFolder(project.path).catch((error: unknown) => {
      throw causeCode(error) === 'ENOENT' ? gone(project, error) : error;
    });
    return acquireLock(path, { clock, waitMs: wait });
  }

  async function lockProject(project: ProjectRecord): Promise<FileLock> {
    const result = await lock(project, projectLock(project.path), waitMs);
    if (result.lock === undefined) throw lockedError(`Project ${project.id}`, result);
    return result.lock;
  }

  async function changeLocked<Result>(found: ProjectRecord, work: Work<Result>): Promise<Result> {
    const held = await lockProject(found);
    const files = createHeldFiles(() => assertHeld(found, held));
    try {
      const current = await readProject(found.path);
      if (current === undefined || current.id !== found.id) throw gone(found);
      return await work(await settleStages(current, files), files);
    } finally {
      await held.release();
    }
  }

  return {
    locator,
    clock,
    lock,
    async change(id, work) {
      await beforeChange();
      const found = await locator.find(id);
      try {
        return await changeLocked(found, work);
      } catch (error) {
        throw writeFailure(error, found.path);
      }
    },
  };
}

async function assertHeld({ id, path }: ProjectRecord, { owner }: FileLock): Promise<void> {
  const file = projectLock(path);
  if (!(await isHeldBy(file, owner))) throw lockLost(`Project ${id}`, await lockHolder(file));
}

function gone(project: { readonly id: string; readonly path: string }, cause?: unknown): StoreError {
  return new StoreError('STORE_PROJECT_NOT_FOUND', `Project ${project.id} is no longer at ${project.path}.`, {
    hint: 'List the projects to see where it is now.',
    ...(cause === undefined ? {} : { cause }),
  });
}
