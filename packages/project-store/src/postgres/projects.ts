import { enterQueue } from '../lock/process-queue.js';
import { lockedError } from '../locked-error.js';
import type { ProjectRecord } from '../project-file.js';
import { StoreError } from '../store-error.js';
import type { Database, Sql } from './database.js';
import { findRow } from './find-project.js';
import { decodeProject, projectColumns } from './project-row.js';

/** How much a transaction keeps others from doing with a project: other writes to it, or also to run its stages. */
type RowLock = 'FOR KEY SHARE' | 'FOR NO KEY UPDATE' | 'FOR UPDATE';

type Work<Result> = (project: ProjectRecord, sql: Sql) => Promise<Result>;

/** Access to projects by whatever a person calls them. */
export interface Projects {
  find(reference: string): Promise<ProjectRecord>;
  /** Runs `work` as one transaction on the project as it is by then, which stays so until the end of it. */
  change<Result>(reference: string, work: Work<Result>, lock?: RowLock): Promise<Result>;
}

export function createProjects(database: Database, lockWaitMs: number): Projects {
  const { tables } = database;

  async function inTransaction<Result>(
    reference: string,
    work: Work<Result>,
    lock: RowLock,
  ): Promise<Result> {
    const place = await database.place();
    return database.transaction(async (sql) => {
      const { id } = await findRow(sql, tables, reference);
      const [row] = await sql(
        `SELECT ${projectColumns} FROM ${tables.projects} WHERE id = $1 AND deleted_at IS NULL ${lock}`,
        id,
      );
      if (row === undefined) throw gone(String(id));
      return work(decodeProject(row, place), sql);
    });
  }

  return {
    async find(reference) {
      const place = await database.place();
      return decodeProject(await findRow(database.run, tables, reference), place);
    },

    async change(reference, work, lock = 'FOR NO KEY UPDATE') {
      if (lock === 'FOR KEY SHARE') return inTransaction(reference, work, lock);
      // Writes of this process to one project wait here, and not each in a connection that others need.
      const leave = await enterQueue(`${await database.place()}/${reference}`, lockWaitMs);
      if (leave === undefined) throw lockedError(`Project ${reference}`, {});
      try {
        return await inTransaction(reference, work, lock);
      } finally {
        leave();
      }
    },
  };
}

function gone(id: string): StoreError {
  return new StoreError('STORE_PROJECT_NOT_FOUND', `Project ${id} was deleted in the meantime.`, {
    hint: 'List the projects to see those that are there.',
  });
}
