import { ambiguous, notFound } from '../failures.js';
import { nameKey } from '../naming/slug.js';
import type { Row, Sql } from './database.js';
import { projectColumns } from './project-row.js';
import type { Tables } from './tables.js';

/** Enough to name a few of those that fit. */
const candidates = 9;

/**
 * The row of the project that a person means: by its id, its folder's name, or the beginning of its id when only one
 * fits. @throws StoreError `STORE_PROJECT_NOT_FOUND`, `STORE_PROJECT_AMBIGUOUS`
 */
export async function findRow(sql: Sql, tables: Tables, reference: string): Promise<Row> {
  if (typeof reference !== 'string') throw new TypeError(`id must be a string, received ${typeof reference}`);
  const key = nameKey(reference.trim());
  if (key === '' || key.includes('\0') || !key.isWellFormed()) throw notFound(reference);
  const rows = await sql(
    `SELECT ${projectColumns} FROM ${tables.projects}
     WHERE deleted_at IS NULL AND (id = $1 OR slug = $1 OR (id >= $1 AND id < $2))
     ORDER BY id = $1 DESC, slug = $1 DESC, id LIMIT ${candidates}`,
    key,
    `${key}\u{10ffff}`,
  );
  const [first] = rows;
  if (first === undefined) throw notFound(reference);
  if (rows.length === 1 || first.id === key || first.slug === key) return first;
  throw ambiguous(
    key,
    rows.map(({ id }) => String(id)),
  );
}
