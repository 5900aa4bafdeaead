import { ambiguous, nameTwice, notFound } from '../failures.js';
import { nearNames } from '../naming/near-names.js';
import { nameKey } from '../naming/slug.js';
import { StoreError } from '../store-error.js';
import type { Row, Sql } from './database.js';
import { projectColumns } from './project-row.js';
import type { Tables } from './tables.js';

/** Enough to name a few matches. */
const candidates = 9;
/** Projects compared with a mistyped name, most recently changed first. */
const maxLooked = 5_000;

/**
 * Row lock on a project: `FOR KEY SHARE` only blocks its deletion, `FOR NO KEY UPDATE` also other writers, `FOR UPDATE`
 * also claims of its stages.
 */
export type RowLock = 'FOR KEY SHARE' | 'FOR NO KEY UPDATE' | 'FOR UPDATE';

/**
 * Finds the row of a project by its id or folder name, or by its name or an id prefix if only one matches. With a lock,
 * returns the row as it is once the lock is held. @throws StoreError `STORE_PROJECT_NOT_FOUND`,
 * `STORE_PROJECT_AMBIGUOUS`
 */
export async function findRow(
  sql: Sql,
  tables: Tables,
  reference: string,
  lock: RowLock | '' = '',
): Promise<Row> {
  if (typeof reference !== 'string') throw new TypeError(`id must be a string, received ${typeof reference}`);
  const key = nameKey(reference.trim());
  if (key === '' || key.includes('\0') || !key.isWellFormed()) throw notFound(reference);
  // Programs pass the full id, which takes a single index lookup.
  const exact = await rowOf(sql, tables, key, lock);
  if (exact !== undefined) return exact;
  const ids = await sql(
    `SELECT id, slug FROM ${tables.projects}
     WHERE deleted_at IS NULL AND (slug = $1 OR (id >= $1 AND id < $2)) ORDER BY slug = $1 DESC, id LIMIT ${candidates}`,
    key,
    `${key}\u{10ffff}`,
  );
  const id = ids[0]?.slug === key ? String(ids[0].id) : await byName(sql, tables, reference, key, ids);
  const row = await rowOf(sql, tables, id, lock);
  if (row === undefined) throw gone(id);
  return row;
}

/** The id of the only project with this name, or with an id that begins so. Only people type names, so speed does not matter. */
async function byName(
  sql: Sql,
  tables: Tables,
  reference: string,
  key: string,
  beginning: readonly Row[],
): Promise<string> {
  // What `lower` makes of letters beyond ASCII depends on the locale, so names with such letters are compared here.
  const isAscii = /^[\0-\x7f]*$/u.test(key);
  const rows = await sql(
    `SELECT id, name FROM ${tables.projects} WHERE deleted_at IS NULL
       AND CASE WHEN $2 THEN lower(name COLLATE "C") = $1 ELSE octet_length(name) > length(name) END ORDER BY id`,
    ...[key, isAscii],
  );
  const named = rows.filter(({ name }) => nameKey(String(name)) === key).map(({ id }) => String(id));
  const begun = beginning.map(({ id }) => String(id));
  const [only] = named.length === 1 ? named : begun.length === 1 ? begun : [];
  if (only !== undefined) return only;
  if (begun.length > 1) throw ambiguous(key, begun);
  if (named.length > 1) throw nameTwice(reference, named);
  const known = await sql(
    `SELECT id, name, slug FROM ${tables.projects} WHERE deleted_at IS NULL ORDER BY updated_at DESC LIMIT ${maxLooked}`,
  );
  const names = known.map(({ id, name, slug }) => ({
    id: String(id),
    name: String(name),
    folder: String(slug),
  }));
  throw notFound(reference, nearNames(reference, names));
}

async function rowOf(sql: Sql, tables: Tables, id: string, lock: RowLock | ''): Promise<Row | undefined> {
  const [row] = await sql(
    `SELECT ${projectColumns} FROM ${tables.projects} WHERE id = $1 AND deleted_at IS NULL ${lock}`,
    id,
  );
  return row;
}

function gone(id: string): StoreError {
  return new StoreError('STORE_PROJECT_NOT_FOUND', `Project ${id} was deleted in the meantime.`, {
    hint: 'List the projects to see those that are there.',
  });
}
