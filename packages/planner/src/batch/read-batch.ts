import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readOwnFile } from '../files/read-own-file.js';
import { PlanError } from '../plan-error.js';
import type { Batch } from './batch-row.js';
import { invalidBatch } from './invalid-batch.js';

/** A list of more rows than this is no longer read in one piece. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads a batch: a JSON list, or a TOML file (`*.toml`) with one list of tables, of rows such as
 * `{"operation": "run-stage", "project_id": "tide-clock", "stage": 1}`.
 * @throws PlanError `PLAN_BATCH_NOT_FOUND`; `PLAN_BATCH_INVALID` naming every row and field that is wrong
 */
export async function readBatch(path: string): Promise<Batch> {
  const refusal = (problem: string, cause?: unknown): PlanError => invalidBatch(path, problem, cause);
  const text = await readOwnFile(path, { maxBytes, mayBeLink: true, refusal });
  if (text === undefined) {
    throw new PlanError('PLAN_BATCH_NOT_FOUND', `There is no file ${path}.`, {
      hint: 'Name a JSON or TOML file with a list of operations.',
    });
  }
  const { parseBatch } = await import('./parse-batch.js');
  const rows = parseBatch(path, text);
  return { file: await realpath(path).catch(() => resolve(path)), rows };
}
