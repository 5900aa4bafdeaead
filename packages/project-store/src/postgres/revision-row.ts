import { contentHash } from '../fs/content-hash.js';
import { ParseFailure, parseObject, stringField } from '../parse.js';
import type { ProjectRecord } from '../project-file.js';
import type { RevisionWithText } from '../stages/revision-file.js';
import type { Revision, RevisionOrigin, StageRef } from '../stages/stage.js';
import { decodeStageRecord, recordOf } from '../stages/stage-record-file.js';
import { StoreError } from '../store-error.js';
import type { Row, Sql } from './database.js';
import { storableJson } from './storable.js';
import type { Tables } from './tables.js';

const columns =
  'revision::float8 AS revision, origin, content_hash, created_at::float8 AS created_at, record::text AS record';
const ofStage = 'project = $1 AND stage = $2 AND slug = $3';

export async function insertRevision(
  sql: Sql,
  tables: Tables,
  project: string,
  added: RevisionWithText,
): Promise<void> {
  const { stage, slug, revision, origin, contentHash: hash, createdAt, text } = added;
  await sql(
    `INSERT INTO ${tables.revisions} (project, stage, slug, revision, origin, content_hash, created_at, record, text)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    ...[project, stage, slug, revision, origin, hash, createdAt],
    ...[storableJson(recordOf(added)), Buffer.from(text)],
  );
}

/** Without their texts, oldest first. */
export async function readRevisions(
  sql: Sql,
  tables: Tables,
  project: string,
  stage: StageRef,
): Promise<Revision[]> {
  const rows = await sql(
    `SELECT ${columns} FROM ${tables.revisions} WHERE ${ofStage} ORDER BY revision`,
    ...[project, stage.number, stage.slug],
  );
  return rows.map((row) => decode(row, project, stage));
}

/** @throws StoreError `STORE_PROJECT_DAMAGED`. Undefined when there is no such revision. */
export async function readRevision(
  sql: Sql,
  tables: Tables,
  project: string,
  stage: StageRef,
  revision: number,
): Promise<RevisionWithText | undefined> {
  // No row has such a number, and the database would reject the query.
  if (!Number.isInteger(revision) || revision < 1 || revision >= 2 ** 31) return undefined;
  const [row] = await sql(
    `SELECT ${columns}, text FROM ${tables.revisions} WHERE ${ofStage} AND revision = $4`,
    ...[project, stage.number, stage.slug, revision],
  );
  if (row === undefined) return undefined;
  const facts = decode(row, project, stage);
  const text = bytesToText(row.text);
  if (contentHash(text) !== facts.contentHash)
    throw damaged(project, stage, revision, 'its text was changed');
  return { ...facts, text };
}

/** Highest revision number a stage ever had. */
export async function lastRevision(
  sql: Sql,
  tables: Tables,
  { id }: ProjectRecord,
  stage: StageRef,
): Promise<number> {
  const [row] = await sql(
    `SELECT coalesce(max(revision), 0)::float8 AS last FROM ${tables.revisions} WHERE ${ofStage}`,
    ...[id, stage.number, stage.slug],
  );
  return Number(row?.last);
}

export function bytesToText(bytes: unknown): string {
  if (!(bytes instanceof Uint8Array))
    throw new TypeError(`bytea must come as bytes, received ${typeof bytes}`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}

function decode(row: Row, project: string, stage: StageRef): Revision {
  const revision = Number(row.revision);
  try {
    return {
      stage: stage.number,
      slug: stage.slug,
      revision,
      // The table's CHECK allows no other value.
      origin: stringField(row, 'origin') as RevisionOrigin,
      contentHash: stringField(row, 'content_hash'),
      createdAt: Number(row.created_at),
      ...decodeStageRecord(parseObject(stringField(row, 'record'))),
    };
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    throw damaged(project, stage, revision, error.message, error);
  }
}

function damaged(
  project: string,
  stage: StageRef,
  revision: number,
  why: string,
  cause?: unknown,
): StoreError {
  return new StoreError(
    'STORE_PROJECT_DAMAGED',
    `Revision ${revision} of stage ${stage.number} of ${project} is not whole: ${why}.`,
    { hint: 'Bring back its row as it was from a backup.', ...(cause === undefined ? {} : { cause }) },
  );
}
