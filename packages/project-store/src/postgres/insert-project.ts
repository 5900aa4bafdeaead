import type { CheckedProject } from '../naming/check-new-project.js';
import { newProjectId } from '../naming/project-id.js';
import type { Project } from '../project.js';
import type { Sql } from './database.js';
import { encodeStages } from './project-row.js';
import { storableText } from './storable.js';
import type { Tables } from './tables.js';

export interface InsertedProject extends CheckedProject, Pick<Project, 'createdAt' | 'updatedAt' | 'stages'> {
  readonly origin?: string;
  /** The file it was imported from, unchanged. */
  readonly original?: string;
}

/**
 * Inserts a project under a free slug, numbered if necessary.
 * @returns its id, or undefined if one with the same origin exists
 */
export async function insertProject(
  sql: Sql,
  tables: Tables,
  input: InsertedProject,
): Promise<string | undefined> {
  const { slug, origin, original, createdAt, updatedAt } = input;
  for (;;) {
    const id = newProjectId(slug);
    const inserted = await sql(
      `INSERT INTO ${tables.projects}
         (id, slug, name, description, tags, created_at, updated_at, version, stages, idea, origin, original)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING id`,
      ...[id, await freeSlug(sql, tables, slug), storableText(input.name), storableText(input.description)],
      ...[
        input.tags.map(storableText),
        createdAt,
        updatedAt,
        encodeStages(input.stages),
        Buffer.from(input.idea),
      ],
      ...[origin ?? null, original === undefined ? null : Buffer.from(original)],
    );
    if (inserted.length === 1) return id;
    // Another process took the slug or the origin in between.
    if (origin !== undefined && (await idOfOrigin(sql, tables, origin)) !== undefined) return undefined;
  }
}

export async function idOfOrigin(sql: Sql, tables: Tables, origin: string): Promise<string | undefined> {
  const [row] = await sql(
    `SELECT id FROM ${tables.projects} WHERE deleted_at IS NULL AND origin = $1`,
    origin,
  );
  return row === undefined ? undefined : String(row.id);
}

/** The slug itself, or with the first free number from 2. */
async function freeSlug(sql: Sql, tables: Tables, slug: string): Promise<string> {
  const [row] = await sql(
    `SELECT min(count)::float8 AS count FROM generate_series(1, (SELECT count(*) + 1 FROM ${tables.projects}
       WHERE deleted_at IS NULL AND slug >= $1 AND slug < $2)) AS count
     WHERE NOT EXISTS (SELECT FROM ${tables.projects}
       WHERE deleted_at IS NULL AND slug = CASE count WHEN 1 THEN $1 ELSE $1 || '-' || count END)`,
    slug,
    `${slug}\u{10ffff}`,
  );
  const count = Number(row?.count);
  return count === 1 ? slug : `${slug}-${count}`;
}
