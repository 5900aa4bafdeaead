import { enterQueue } from '../lock/process-queue.js';
import { lockedError } from '../locked-error.js';
import type { ProjectRecord } from '../project-file.js';
import type { Database, Sql } from './database.js';
import { findRow, type RowLock } from './find-project.js';
import { decodeProject } from './project-row.js';

type Work<Result> = (project: ProjectRecord, sql: Sql) => Promise<Result>;

/** Access to projects by any reference a person may use. */
export interface Projects {
  find(reference: string): Promise<ProjectRecord>;
  /** Runs `work` as one transaction on the current state of the project, which is locked until the end. */
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
      const row = await findRow(sql, tables, reference, lock);
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
      // Writers of this process queue here instead of each occupying a connection that others need.
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
