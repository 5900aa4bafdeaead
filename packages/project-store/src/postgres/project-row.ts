import { damaged } from '../list/entry.js';
import { ParseFailure, parseObject, stringField } from '../parse.js';
import type { DamagedProject, Project, ProjectSummary } from '../project.js';
import { checkProjectSize, type ProjectRecord } from '../project-file.js';
import type { StageState } from '../stages/stage.js';
import { decodeStageState, encodeStageState } from '../stages/stage-record-file.js';
import { StoreError } from '../store-error.js';
import type { Row, Sql } from './database.js';
import { storableJson, storableText } from './storable.js';
import type { Tables } from './tables.js';

/** Cast to plain numbers and texts, whatever type parsers the caller's pool has. */
const summaryColumns = `id, slug, name, description, array_to_json(tags)::text AS tags, created_at::float8 AS created_at,
  updated_at::float8 AS updated_at, version::float8 AS version, origin`;

/** Columns of a list entry: neither texts nor stage states. */
export const listColumns: string = `${summaryColumns}, stages_done::float8 AS stages_done`;

/** Columns of a project. */
export const projectColumns: string = `${summaryColumns}, stages::text AS stages`;

export function decodeListed(row: Row, place: string): ProjectSummary | DamagedProject {
  const path = `${place}/${String(row.slug)}`;
  if (typeof row.stages_done !== 'number') {
    return damaged(path, 'garbled', 'what it says of its stages cannot be read');
  }
  return { kind: 'project', ...facts(row), stagesDone: row.stages_done, path };
}

/** @throws StoreError `STORE_PROJECT_DAMAGED` */
export function decodeProject(row: Row, place: string): ProjectRecord {
  const path = `${place}/${String(row.slug)}`;
  try {
    const states = Object.entries(parseObject(stringField(row, 'stages')));
    const stages = states.map(([number, state]): [string, StageState] => [
      number,
      decodeStageState(state, `stage ${number}`),
    ]);
    return { ...facts(row), stages: Object.fromEntries(stages), path, extra: {} };
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    throw new StoreError('STORE_PROJECT_DAMAGED', `${path} cannot be read as a project: ${error.message}.`, {
      hint: 'Mend the column "stages" of its row, or bring the row back from a backup; its revisions are whole.',
      cause: error,
    });
  }
}

/**
 * Writes the fields that a change may affect. The project's row must be locked.
 * @throws StoreError `STORE_UNWRITABLE` if it is too large
 */
export async function writeRow(sql: Sql, tables: Tables, record: ProjectRecord): Promise<void> {
  checkProjectSize(record);
  const { id, name, description, tags, updatedAt, version } = record;
  await sql(
    `UPDATE ${tables.projects} SET name = $2, description = $3, tags = $4, updated_at = $5, version = $6, stages = $7 WHERE id = $1`,
    ...[
      id,
      storableText(name),
      storableText(description),
      tags.map(storableText),
      updatedAt,
      version,
      encodeStages(record.stages),
    ],
  );
}

export function encodeStages(stages: Project['stages']): string {
  const states = Object.entries(stages).map(([number, state]) => [number, encodeStageState(state)]);
  return storableJson(Object.fromEntries(states));
}

function facts(row: Row): Omit<Project, 'stages' | 'path'> {
  return {
    id: String(row.id),
    name: String(row.name),
    description: String(row.description),
    tags: JSON.parse(String(row.tags)) as string[],
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    version: Number(row.version),
    ...(typeof row.origin === 'string' ? { origin: row.origin } : {}),
  };
}
