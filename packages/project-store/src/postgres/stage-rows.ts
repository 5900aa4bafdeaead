import { revisionNotFound } from '../failures.js';
import { contentHash } from '../fs/content-hash.js';
import { stageName } from '../layout.js';
import { type ProjectRecord, publicProject } from '../project-file.js';
import { checkNewText, keptFailure } from '../stages/check-stage.js';
import type { RevisionWithText } from '../stages/revision-file.js';
import type { CurrentRevision, RevisionOrigin, StageRecord, StageRef, StageState } from '../stages/stage.js';
import type { StageMethods } from '../stages/stage-methods.js';
import { recordFor, stateOf, withRevision, withState } from '../stages/stage-state.js';
import { StoreError } from '../store-error.js';
import type { Database, Sql } from './database.js';
import { createPartialRows, readPartialText, removePartial } from './partial-rows.js';
import { writeRow } from './project-row.js';
import type { Projects } from './projects.js';
import { insertRevision, lastRevision, readRevision, readRevisions } from './revision-row.js';
import type { StageLocks } from './stage-locks.js';
import { asStored } from './storable.js';

export interface StageRowsOptions {
  readonly database: Database;
  readonly projects: Projects;
  readonly locks: StageLocks;
  readonly clock: () => number;
}

interface NewText {
  readonly text: string;
  readonly origin: RevisionOrigin;
  readonly record: StageRecord;
}

/** The stage methods of the PostgreSQL store. */
export function stageRows({ database, projects, locks, clock }: StageRowsOptions): StageMethods {
  const { tables, run } = database;

  /** Runs `work` on a project, unless this store has lost the stage to another process. */
  async function changeStage<Result>(
    reference: string,
    stage: StageRef,
    work: (project: ProjectRecord, sql: Sql) => Promise<Result>,
  ): Promise<Result> {
    stageName(stage);
    return projects.change(reference, async (project, sql) => {
      await locks.assertHeld(sql, project.id, stage);
      return work(project, sql);
    });
  }

  async function stateBefore(sql: Sql, project: ProjectRecord, stage: StageRef): Promise<StageState> {
    const state = stateOf(project, stage);
    if (state !== undefined) return state;
    return {
      slug: stage.slug,
      status: 'not-started',
      lastRevision: await lastRevision(sql, tables, project, stage),
    };
  }

  /** Writes the revision and the state and removes the partial text, all or nothing. */
  async function commit(
    sql: Sql,
    project: ProjectRecord,
    stage: StageRef,
    { text, origin, record }: NewText,
  ): Promise<CurrentRevision> {
    checkNewText(text, origin, record);
    const at = clock();
    const added: RevisionWithText = {
      stage: stage.number,
      slug: stage.slug,
      revision: (await stateBefore(sql, project, stage)).lastRevision + 1,
      origin,
      contentHash: contentHash(text),
      createdAt: at,
      ...recordFor(project, stage, origin, record),
      text,
    };
    await insertRevision(sql, tables, project.id, added);
    await writeRow(sql, tables, withRevision(project, added, at));
    await removePartial(sql, tables, project.id, stage);
    const { text: _text, ...revision } = added;
    return { ...asStored(revision), path: pathOf(project, stage) };
  }

  async function revisionOf(
    sql: Sql,
    project: ProjectRecord,
    stage: StageRef,
    revision: number,
  ): Promise<RevisionWithText> {
    stageName(stage);
    const found = await readRevision(sql, tables, project.id, stage, revision);
    if (found === undefined) throw revisionNotFound(project.id, stage, revision);
    return found;
  }

  return {
    async readStage(id, stage) {
      const path = stageName(stage);
      const project = await projects.find(id);
      const revision = stateOf(project, stage)?.revision;
      if (revision === undefined) return undefined;
      const found = await readRevision(run, tables, project.id, stage, revision);
      if (found === undefined) throw currentIsGone(project.id, path, revision);
      const { text, contentHash: hash } = found;
      return { text, contentHash: hash, revision, edited: false, path: pathOf(project, stage) };
    },

    writeStage: (id, stage, text, { origin = 'run', ...record } = {}) =>
      changeStage(id, stage, (project, sql) => commit(sql, project, stage, { text, origin, record })),

    failStage: (id, stage, failure) =>
      changeStage(id, stage, async (project, sql) => {
        const state = await stateBefore(sql, project, stage);
        const at = clock();
        const failed = withState(
          project,
          stage,
          { ...state, status: 'failed', error: keptFailure({ ...failure, at }) },
          at,
        );
        await writeRow(sql, tables, failed);
        return asStored(publicProject(failed));
      }),

    resetStage: (id, stage) =>
      changeStage(id, stage, async (project, sql) => {
        const { lastRevision: last } = await stateBefore(sql, project, stage);
        const state: StageState = { slug: stage.slug, status: 'not-started', lastRevision: last };
        const cleared = withState(project, stage, state, clock());
        await writeRow(sql, tables, cleared);
        await removePartial(sql, tables, project.id, stage);
        return asStored(publicProject(cleared));
      }),

    async listRevisions(id, stage) {
      stageName(stage);
      return readRevisions(run, tables, (await projects.find(id)).id, stage);
    },

    readRevision: async (id, stage, revision) => revisionOf(run, await projects.find(id), stage, revision),

    restoreRevision: (id, stage, number) =>
      changeStage(id, stage, async (project, sql) => {
        const { text, ...record } = await revisionOf(sql, project, stage, number);
        return commit(sql, project, stage, { text, origin: 'restore', record });
      }),

    async openPartial(id, stage) {
      stageName(stage);
      return createPartialRows(database, projects, locks, (await projects.find(id)).id, stage);
    },

    readPartial: async (id, stage) => readPartialText(run, tables, (await projects.find(id)).id, stage),

    async lockStage(id, stage) {
      stageName(stage);
      return locks.lock(id, stage);
    },

    async stageHolder(id, stage) {
      stageName(stage);
      return locks.holder(id, stage);
    },
  };
}

function pathOf(project: ProjectRecord, stage: StageRef): string {
  return `${project.path}/${stageName(stage)}`;
}

function currentIsGone(id: string, stage: string, revision: number): StoreError {
  return new StoreError(
    'STORE_PROJECT_DAMAGED',
    `The current revision ${revision} of stage ${stage} of ${id} is not there.`,
    { hint: 'Bring back its row from a backup, or restore another revision.' },
  );
}
