import { randomToken } from '../fs/token.js';
import { stageName } from '../layout.js';
import type { PartialWriter } from '../stages/partial-writer.js';
import type { StageRef } from '../stages/stage.js';
import { cutWhole } from '../stages/whole-text.js';
import { StoreError } from '../store-error.js';
import type { Database, Sql } from './database.js';
import type { Projects } from './projects.js';
import { bytesToText } from './revision-row.js';
import type { StageLocks } from './stage-locks.js';
import type { Tables } from './tables.js';

const ofStage = 'project = $1 AND stage = $2 AND slug = $3';

export async function readPartialText(
  sql: Sql,
  tables: Tables,
  project: string,
  stage: StageRef,
): Promise<string | undefined> {
  stageName(stage);
  const [row] = await sql(
    `SELECT string_agg(text, ''::bytea ORDER BY piece) AS text FROM ${tables.partials} WHERE ${ofStage}`,
    ...[project, stage.number, stage.slug],
  );
  return row === undefined || row.text === null ? undefined : bytesToText(row.text);
}

export async function removePartial(
  sql: Sql,
  tables: Tables,
  project: string,
  stage: StageRef,
): Promise<void> {
  await sql(`DELETE FROM ${tables.partials} WHERE ${ofStage}`, project, stage.number, stage.slug);
}

interface Piece {
  readonly attempt: string;
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** Inserts a piece; safe to repeat. @returns false if the preceding piece is gone */
export async function insertPiece(
  sql: Sql,
  tables: Tables,
  project: string,
  stage: StageRef,
  { attempt, number, text }: Piece,
): Promise<boolean> {
  const added = await sql(
    `INSERT INTO ${tables.partials} (project, stage, slug, attempt, piece, text)
     SELECT $1, $2, $3, $4, $5::integer, $6
     WHERE $5 = 1 OR EXISTS (SELECT FROM ${tables.partials} WHERE ${ofStage} AND attempt = $4 AND piece = $5 - 1)
     ON CONFLICT (project, stage, slug, attempt, piece) DO UPDATE SET text = excluded.text RETURNING piece`,
    ...[project, stage.number, stage.slug, attempt, number, Buffer.from(text)],
  );
  return added.length === 1;
}

/**
 * Writes the output of a stage as consecutive rows. While the database is unavailable, text is buffered and sent with
 * the next addition. A piece whose arrival is uncertain is written again under the same number.
 */
export function createPartialRows(
  database: Database,
  projects: Projects,
  locks: StageLocks,
  project: string,
  stage: StageRef,
): PartialWriter {
  const { tables } = database;
  const attempt = randomToken(12);
  let waiting = '';
  let piece: { readonly number: number; readonly text: string } | undefined;
  let written = 0;
  let writing: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  function isFinal(error: unknown): boolean {
    return !StoreError.isInstance(error) || !error.retryable;
  }

  async function drain(isEnd: boolean): Promise<void> {
    failure = undefined;
    try {
      for (;;) {
        if (piece === undefined) {
          const [text, rest] = isEnd ? [waiting, ''] : cutWhole(waiting);
          if (text === '') return;
          waiting = rest;
          piece = { number: written + 1, text };
        }
        await write(piece.number, piece.text);
        written = piece.number;
        piece = undefined;
      }
    } catch (error) {
      failure = { error };
    } finally {
      writing = undefined;
    }
  }

  /** The first piece replaces what an earlier attempt left; each further piece requires the one before it. */
  async function write(number: number, text: string): Promise<void> {
    await projects.change(
      project,
      async ({ id }, sql) => {
        await locks.assertHeld(sql, id, stage);
        if (number === 1) await removePartial(sql, tables, id, stage);
        const added = await insertPiece(sql, tables, id, stage, { attempt, number, text });
        if (!added) throw replaced(id, stage);
      },
      'FOR KEY SHARE',
    );
  }

  return {
    append(text) {
      if (failure !== undefined && isFinal(failure.error)) throw failure.error;
      if (text === '') return;
      waiting += text;
      writing ??= drain(false);
    },
    async close() {
      await writing;
      if (failure === undefined || !isFinal(failure.error)) await drain(true);
      if (failure !== undefined) throw failure.error;
    },
  };
}

function replaced(id: string, stage: StageRef): StoreError {
  return new StoreError(
    'STORE_LOCK_LOST',
    `What stage ${stage.number} of ${id} said so far is not there any more: it has another text by now.`,
    { hint: 'Look at what became of the stage before you run it again.' },
  );
}
