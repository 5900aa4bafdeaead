import type { ImportParts } from '../import/build-import.js';
import type { Sql } from './database.js';
import { idOfOrigin, insertProject } from './insert-project.js';
import { insertPiece } from './partial-rows.js';
import { insertRevision } from './revision-row.js';
import type { Tables } from './tables.js';

/** Imports a project. @returns its id, and whether it is new */
export async function importRows(
  sql: Sql,
  tables: Tables,
  { facts, stages, revisions, partials, original }: ImportParts,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  for (;;) {
    const known = await idOfOrigin(sql, tables, facts.origin);
    if (known !== undefined) return { id: known, isNew: false };
    const id = await insertProject(sql, tables, { ...facts, stages, original });
    // Another process has just imported it, and may already have deleted it again.
    if (id === undefined) continue;
    for (const revision of revisions) await insertRevision(sql, tables, id, revision);
    for (const { stage, text } of partials)
      await insertPiece(sql, tables, id, stage, { attempt: 'import', number: 1, text });
    return { id, isNew: true };
  }
}
