import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { revisionNotFound, stageBusy } from '../failures.js';
import { ensureFolder } from '../fs/atomic-write.js';
import { contentHash } from '../fs/content-hash.js';
import { readText, refuseLinkedFolder } from '../fs/safe-read.js';
import { createHeldFiles, type HeldFiles } from '../held-files.js';
import { INTERNAL_FOLDER, partialFile, stageFile, stageLock, stagesFolder } from '../layout.js';
import { lockHolder } from '../lock/file-lock.js';
import type { LockOwner } from '../lock/lock-owner.js';
import { type ProjectRecord, publicProject } from '../project-file.js';
import type { Session } from '../session.js';
import { StoreError } from '../store-error.js';
import { keptFailure } from './check-stage.js';
import { clearStage, commitText, introduceStage, isClearing } from './commit.js';
import { createHeldStages } from './held-stages.js';
import { createPartialWriter } from './partial-writer.js';
import { type RevisionWithText, readRevisionFile, revisionNumbers } from './revision-file.js';
import type { Revision, StageDocument, StageRef } from './stage.js';
import type { StageMethods } from './stage-methods.js';
import { stateOf, withState } from './stage-state.js';

/** The stage methods of the folder store. */
export function stageMethods(session: Session): StageMethods {
  const { locator, clock } = session;
  const held = createHeldStages();

  /** Changes a stage, unless this store has lost it to another process. */
  function changeStage<Result>(
    id: string,
    stage: StageRef,
    work: (project: ProjectRecord, files: HeldFiles) => Promise<Result>,
  ): Promise<Result> {
    return session.change(id, (project, files) => {
      const assertHeld = async (): Promise<void> => {
        await files.assertHeld();
        await held.assertHeld(project, stage);
      };
      return work(project, createHeldFiles(assertHeld));
    });
  }

  async function revisionOf(
    project: ProjectRecord,
    stage: StageRef,
    number: number,
  ): Promise<RevisionWithText> {
    const revision = await readRevisionFile(project.path, stage, number);
    if (revision !== undefined) return revision;
    throw revisionNotFound(project.id, stage, number);
  }

  return {
    async readStage(id, stage) {
      const project = await locator.find(id);
      const document = await readDocument(project, stage);
      if (document?.edited !== true) return document;
      // Edited by hand, or a commit that is in progress or was interrupted: read again under the lock.
      try {
        return await session.change(id, (settled) => readDocument(settled, stage));
      } catch (error) {
        if (StoreError.isInstance(error) && error.code === 'STORE_UNWRITABLE') return document;
        throw error;
      }
    },

    writeStage: (id, stage, text, { origin = 'run', ...record } = {}) =>
      changeStage(id, stage, async (project, files) => {
        const next = { text, origin, record, at: clock() };
        return commitText(project, stage, next, files);
      }),

    failStage: (id, stage, failure) =>
      changeStage(id, stage, async (project, files) => {
        const known = await introduceStage(project, stage, files);
        const state = stateOf(known, stage) ?? { slug: stage.slug, status: 'not-started', lastRevision: 0 };
        const at = clock();
        const error = keptFailure({ ...failure, at });
        const failed = withState(known, stage, { ...state, status: 'failed', error }, at);
        await files.writeProject(failed);
        return publicProject(failed);
      }),

    resetStage: (id, stage) =>
      changeStage(id, stage, async (project, files) =>
        publicProject(await clearStage(project, stage, clock(), files)),
      ),

    async listRevisions(id, stage) {
      const { path } = await locator.find(id);
      const revisions: Revision[] = [];
      for (const number of await revisionNumbers(path, stage)) {
        const revision = await readRevisionFile(path, stage, number);
        if (revision === undefined) continue;
        const { text: _text, ...facts } = revision;
        revisions.push(facts);
      }
      return revisions;
    },

    readRevision: async (id, stage, revision) => revisionOf(await locator.find(id), stage, revision),

    restoreRevision: (id, stage, number) =>
      changeStage(id, stage, async (project, files) => {
        const { text, ...record } = await revisionOf(project, stage, number);
        return commitText(project, stage, { text, origin: 'restore', record, at: clock() }, files);
      }),

    async openPartial(id, stage) {
      const project = await locator.find(id);
      const { path } = project;
      return createPartialWriter(partialFile(path, stage), {
        assertHeld: () => held.assertHeld(project, stage),
        async prepare() {
          await refuseLinkedFolder(stagesFolder(path));
          await ensureFolder(stagesFolder(path));
        },
      });
    },

    readPartial: async (id, stage) => readText(partialFile((await locator.find(id)).path, stage)),

    // Under the project's lock, so that no deletion is between its check for running stages and its move.
    lockStage: (id, stage) =>
      session.change(id, async (project) => {
        const result = await session.lock(project, stageLock(project.path, stage), 0);
        if (result.lock === undefined) throw stageBusy(project.id, stage, result.holder);
        return held.add(project.id, stage, result.lock);
      }),

    stageHolder: async (id, stage) => lockHolder(stageLock((await locator.find(id)).path, stage)),
  };
}

/** The process that runs any stage of a project, if there is one. */
export async function runningStage(project: string): Promise<LockOwner | undefined> {
  const folder = join(project, INTERNAL_FOLDER);
  for (const name of await readdir(folder)) {
    const holder = /^stage-\d+\.lock$/u.test(name) ? await lockHolder(join(folder, name)) : undefined;
    if (holder !== undefined) return holder;
  }
  return undefined;
}

async function readDocument(project: ProjectRecord, stage: StageRef): Promise<StageDocument | undefined> {
  const path = stageFile(project.path, stage);
  await refuseLinkedFolder(stagesFolder(project.path));
  const text = await readText(path);
  if (text === undefined) return undefined;
  const state = stateOf(project, stage);
  const hash = contentHash(text);
  if (isClearing(state) && state?.contentHash === hash) return undefined;
  return {
    text,
    contentHash: hash,
    ...(state?.revision === undefined ? {} : { revision: state.revision }),
    edited: hash !== state?.contentHash,
    path,
  };
}
