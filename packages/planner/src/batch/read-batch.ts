import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readOwnFile } from '../files/read-own-file.js';
import { PlanError } from '../plan-error.js';
import type { Batch } from './batch-row.js';
import { invalidBatch } from './invalid-batch.js';

/** Upper bound, since the file is read as a whole. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads a batch: rows such as `{"operation": "run-stage", "project_id": "tide-clock", "stage": 1}` in a JSON list, or
 * in a TOML file (`*.toml`) with one array of tables.
 * @throws PlanError `PLAN_BATCH_NOT_FOUND`; `PLAN_BATCH_INVALID` naming every invalid row and field
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
