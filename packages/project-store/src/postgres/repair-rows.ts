import { damaged } from '../list/entry.js';
import type { DamagedProject } from '../project.js';
import type { QuarantinedProject } from '../repair/quarantine.js';
import type { RepairOptions, RepairReport } from '../repair/repair.js';
import { StoreError } from '../store-error.js';
import type { Database } from './database.js';
import { decodeProject, projectColumns } from './project-row.js';

/** Projects checked per statement. */
const batch = 100;

interface DamagedRow {
  readonly id: string;
  /** True if the project itself cannot be read, false if only one of its texts was altered. */
  readonly unreadable: boolean;
  readonly project: DamagedProject;
}

/** Transactions leave nothing half-done, so repair only removes expired leases and checks every project. */
export async function repairRows(
  database: Database,
  at: number,
  { dryRun = false, quarantine = false, orphanAgeMs = 600_000 }: RepairOptions,
): Promise<RepairReport> {
  if (!(orphanAgeMs >= 0 && orphanAgeMs < 2 ** 53)) {
    throw new RangeError(`orphanAgeMs must be a number of ms, received ${String(orphanAgeMs)}`);
  }
  const place = await database.place();
  const { tables, run } = database;
  const lapsed = `expires_at < clock_timestamp() - ${orphanAgeMs} * interval '1 millisecond'`;
  const named = `(SELECT slug FROM ${tables.projects} WHERE id = project) AS slug, stage::text AS stage`;
  const locks = await run(
    dryRun
      ? `SELECT ${named} FROM ${tables.stageLocks} WHERE ${lapsed}`
      : `DELETE FROM ${tables.stageLocks} WHERE ${lapsed} RETURNING ${named}`,
  );
  const orphans = locks
    .map(({ slug, stage }) => `${place}/${String(slug)}/stage-${String(stage)}.lock`)
    .sort();
  const found = await findDamaged(database, place);
  const quarantined: QuarantinedProject[] = [];
  for (const { id, unreadable, project } of quarantine && !dryRun ? found : []) {
    if (!unreadable) continue;
    await run(`UPDATE ${tables.projects} SET deleted_at = $2 WHERE id = $1`, id, at);
    quarantined.push({ ...project, movedTo: `${place}/.trash/${id}` });
  }
  const moved = new Set(quarantined.map(({ path }) => path));
  const left = found.filter(({ project }) => !moved.has(project.path));
  return {
    orphans,
    unfinished: [],
    damaged: left.map(({ project }) => project),
    quarantined,
    movable: left.filter(({ unreadable }) => unreadable).map(({ project }) => project),
  };
}

/** Reads every project, and has the database verify every text. */
async function findDamaged({ tables, run }: Database, place: string): Promise<DamagedRow[]> {
  const found: DamagedRow[] = [];
  let after = '';
  for (;;) {
    const rows = await run(
      `SELECT ${projectColumns}, (
         SELECT 'the text of revision ' || revision || ' of stage ' || stage || ' was changed' FROM ${tables.revisions}
         WHERE project = id AND encode(sha256(text), 'hex') <> content_hash ORDER BY stage, revision LIMIT 1
       ) AS broken FROM ${tables.projects} WHERE deleted_at IS NULL AND id > $1 ORDER BY id LIMIT ${batch}`,
      after,
    );
    for (const row of rows) {
      const [id, path] = [String(row.id), `${place}/${String(row.slug)}`];
      const reason = unreadable(row, place);
      const why = reason ?? (typeof row.broken === 'string' ? row.broken : undefined);
      if (why === undefined) continue;
      found.push({ id, unreadable: reason !== undefined, project: damaged(path, 'garbled', why) });
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < batch) return found;
    after = String(last.id);
  }
}

function unreadable(row: Parameters<typeof decodeProject>[0], place: string): string | undefined {
  try {
    decodeProject(row, place);
    return undefined;
  } catch (error) {
    if (!StoreError.isInstance(error)) throw error;
    return error.message;
  }
}
