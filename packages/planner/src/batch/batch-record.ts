import { hash } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { acquireLock, describeHolder, type FileLock, StoreError } from '@ai-toolkit/project-store';
import { codeOf, isMissing } from '../error-code.js';
import { makeFolders } from '../files/make-folders.js';
import { PlanError } from '../plan-error.js';
import type { BatchRow } from './batch-row.js';

/** Records which rows of a batch are done, in a file, so that a later call does only the rest. */
export interface BatchRecord {
  /** Whether a row with this key was done for this project. */
  has(key: string, project: string): boolean;
  /** Resolves when the record is on disk. */
  add(key: string, project: string): Promise<void>;
  close(): Promise<void>;
}

/** Path of the record for a batch file. */
export function batchRecordFile(folder: string, batchFile: string): string {
  return join(folder, `${basename(batchFile)}-${hash('sha256', batchFile, 'hex').slice(0, 16)}.jsonl`);
}

/**
 * A key for each row, derived from its content, so that rows may be added, moved and corrected between calls. Identical
 * rows get distinct keys.
 */
export function keysOf(rows: readonly BatchRow[]): string[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const said = hash('sha256', JSON.stringify(sorted(row)), 'hex').slice(0, 32);
    const count = (seen.get(said) ?? 0) + 1;
    seen.set(said, count);
    return `${said}-${count}`;
  });
}

/**
 * Opens the record at `path`, locked for this process until it is closed.
 * @throws PlanError `PLAN_BATCH_BUSY` while another process holds it, or `PLAN_BATCH_UNRECORDED`
 */
export async function openBatchRecord(path: string, restart: boolean): Promise<BatchRecord> {
  let lock: FileLock | undefined;
  try {
    await makeFolders(resolve(dirname(path)));
    lock = await lockRecord(path);
    return await openLocked(path, restart, lock);
  } catch (error) {
    await lock?.release();
    throw PlanError.isInstance(error) ? error : unrecorded(path, error);
  }
}

/** Two processes doing the same rows would pay for each twice. The lock of a dead process is taken over. */
async function lockRecord(path: string): Promise<FileLock> {
  const found = await acquireLock(`${path}.lock`, { waitMs: 0, clock: Date.now });
  if (found.lock !== undefined) return found.lock;
  throw new PlanError('PLAN_BATCH_BUSY', `This batch is being done by ${describeHolder(found.holder)}.`, {
    hint: 'Wait for it to finish, or stop it; the same command then does what is left.',
    retryable: true,
  });
}

async function openLocked(path: string, restart: boolean, lock: FileLock): Promise<BatchRecord> {
  if (restart) await rm(path, { force: true });
  const done = new Set(await readLines(path));
  const file = await open(path, 'a', 0o600);
  return {
    has: (key, project) => done.has(lineOf(key, project)),
    async add(key, project) {
      const line = lineOf(key, project);
      done.add(line);
      try {
        // A single append. A line cut short by a crash matches no row.
        await file.appendFile(`\n${line}\n`);
        await file.datasync();
      } catch (error) {
        throw unrecorded(path, error);
      }
    },
    async close() {
      await file.close();
      await lock.release();
    },
  };
}

async function readLines(path: string): Promise<string[]> {
  try {
    return (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function lineOf(key: string, project: string): string {
  return JSON.stringify({ row: key, project });
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, sorted(field)]),
  );
}

function unrecorded(path: string, error: unknown): PlanError {
  const reason = codeOf(StoreError.isInstance(error) ? error.cause : error) ?? String(error);
  return new PlanError(
    'PLAN_BATCH_UNRECORDED',
    `The progress of the batch cannot be kept in ${path} (${reason}).`,
    {
      hint: 'Make its folder writable and give the disk room. What is done stays done.',
      cause: error,
    },
  );
}
