import type { DamagedProject } from '../project.js';
import type { RepairOptions, RepairReport } from '../repair/repair.js';
import { StoreError } from '../store-error.js';
import type { Database } from './database.js';
import { decodeProject, projectColumns } from './project-row.js';

/** A transaction leaves nothing half-made, so there is little to do: leases of the dead, and a look at everything. */
export async function repairRows(
  database: Database,
  { dryRun = false, orphanAgeMs = 600_000 }: RepairOptions,
): Promise<RepairReport> {
  const place = await database.place();
  const { tables, run } = database;
  const lapsed = `expires_at < clock_timestamp() - ${Number(orphanAgeMs)} * interval '1 millisecond'`;
  const named = `(SELECT slug FROM ${tables.projects} WHERE id = project) AS slug, stage::text AS stage`;
  const locks = await run(
    dryRun
      ? `SELECT ${named} FROM ${tables.stageLocks} WHERE ${lapsed}`
      : `DELETE FROM ${tables.stageLocks} WHERE ${lapsed} RETURNING ${named}`,
  );
  const orphans = locks.map(({ slug, stage }) => `${place}/${String(slug)}/stage-${String(stage)}.lock`);
  return { orphans: orphans.sort(), damaged: await findDamaged(database, place), quarantined: [] };
}

/** Reads every project, and has the database read every text. */
async function findDamaged({ tables, run }: Database, place: string): Promise<DamagedProject[]> {
  const damaged = new Map<string, DamagedProject>();
  const add = (path: string, reason: string): void =>
    void damaged.set(path, { kind: 'damaged', damage: 'garbled', path, reason });
  for (const row of await run(`SELECT ${projectColumns} FROM ${tables.projects} WHERE deleted_at IS NULL`)) {
    try {
      decodeProject(row, place);
    } catch (error) {
      if (!StoreError.isInstance(error)) throw error;
      add(`${place}/${String(row.slug)}`, error.message);
    }
  }
  const broken = await run(
    `SELECT slug, stage::text AS stage, revision::text AS revision FROM (
       SELECT project, stage, revision FROM ${tables.revisions} WHERE encode(sha256(text), 'hex') <> content_hash
     ) AS broken JOIN (SELECT id, slug FROM ${tables.projects} WHERE deleted_at IS NULL) AS project ON id = project
     ORDER BY slug, stage, revision`,
  );
  for (const { slug, stage, revision } of broken) {
    add(
      `${place}/${String(slug)}`,
      `the text of revision ${String(revision)} of stage ${String(stage)} was changed`,
    );
  }
  return [...damaged.values()];
}
