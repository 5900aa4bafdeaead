import type { ProjectStore } from '@ai-toolkit/project-store';
import type { Planner } from '../planner.js';
import { createEventQueue } from '../run/event-queue.js';
import type { BatchEvent } from './batch-event.js';
import { batchRecordFile, keysOf, openBatchRecord } from './batch-record.js';
import type { Batch, BatchRow } from './batch-row.js';
import { doRow } from './do-row.js';

export interface RunBatchOptions {
  readonly planner: Planner;
  readonly store: ProjectStore;
  /** Folder for batch records, which let a second call do only the rest. */
  readonly recordFolder: string;
  /** Discard the record of earlier calls. Default: false. */
  readonly restart?: boolean;
  /** Projects processed at once. Default: 2. Rows of the same project run one after the other, in order. */
  readonly concurrency?: number;
  /** Ends the batch, which then throws the signal's reason. Interrupted rows count as not done. */
  readonly signal?: AbortSignal;
}

interface NumberedRow {
  readonly row: BatchRow;
  readonly number: number;
  readonly key: string;
  readonly project: FoundProject;
}

/** The id of a project, or why it was not found. */
type FoundProject = { readonly id: string } | { readonly error: unknown };

/**
 * Executes the rows of a batch that no earlier call has done. A failing row is reported as an event, does not stop the
 * others, and is tried again by the next call. Leaving the loop early ends the batch.
 * @throws PlanError `PLAN_BATCH_UNRECORDED`, or `PLAN_BATCH_BUSY` while another process runs this batch
 */
export async function* runBatch(
  { file, rows }: Batch,
  { planner, store, recordFolder, restart = false, concurrency = 2, signal }: RunBatchOptions,
): AsyncGenerator<BatchEvent, void, void> {
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new RangeError(`concurrency must be a positive whole number, received ${String(concurrency)}`);
  }
  signal?.throwIfAborted();
  const record = await openBatchRecord(batchRecordFile(recordFolder, file), restart);
  const queue = createEventQueue<BatchEvent>();
  const left = new AbortController();
  const stop = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);

  async function runRow({ row, number, key, project }: NumberedRow): Promise<void> {
    if ('id' in project && record.has(key, project.id)) {
      queue.push({ type: 'row-known', row: number });
      return;
    }
    queue.push({ type: 'row-started', row: number });
    // Without the id, nobody knows whether the row has been done.
    if ('error' in project) {
      queue.push({ type: 'row-failed', row: number, error: project.error });
      return;
    }
    let detail: string | undefined;
    try {
      const events = doRow(planner, row, file, stop);
      for (;;) {
        const next = await events.next();
        if (next.done === true) {
          detail = next.value;
          break;
        }
        queue.push({ type: 'stage', row: number, event: next.value });
      }
    } catch (error) {
      if (stop.aborted) throw stop.reason;
      queue.push({ type: 'row-failed', row: number, error });
      return;
    }
    await record.add(key, project.id);
    queue.push({ type: 'row-done', row: number, ...(detail === undefined ? {} : { detail }) });
  }

  const lanes = [...(await lanesOf(store, rows)).values()];
  async function work(): Promise<void> {
    for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
      for (const row of lane) {
        stop.throwIfAborted();
        await runRow(row);
      }
    }
  }

  const all = finish(Array.from({ length: Math.min(concurrency, lanes.length) }, work), (error) => {
    // The failure of one worker ends the others.
    left.abort(error);
  }).then(
    () => queue.end(),
    (error: unknown) => queue.end({ error }),
  );
  try {
    yield* queue.events();
  } finally {
    left.abort();
    await all;
    await record.close();
  }
}

/** Groups the rows by project, which rows may reference in several ways. */
async function lanesOf(
  store: ProjectStore,
  rows: readonly BatchRow[],
): Promise<ReadonlyMap<string, NumberedRow[]>> {
  const keys = keysOf(rows);
  const found = new Map<string, FoundProject>();
  const lanes = new Map<string, NumberedRow[]>();
  for (const [index, row] of rows.entries()) {
    const project = found.get(row.projectId) ?? (await findProject(store, row.projectId));
    found.set(row.projectId, project);
    const name = 'id' in project ? project.id : row.projectId;
    const lane = lanes.get(name) ?? [];
    lane.push({ row, number: index + 1, key: keys[index] ?? '', project });
    lanes.set(name, lane);
  }
  return lanes;
}

/** A failure is reported by each of the project's rows. */
async function findProject(store: ProjectStore, reference: string): Promise<FoundProject> {
  return store.get(reference).then(
    ({ id }) => ({ id }),
    (error: unknown) => ({ error }),
  );
}

/** Waits for all workers, then throws the first failure, if any. */
async function finish(workers: readonly Promise<void>[], onFailure: (error: unknown) => void): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  await Promise.all(
    workers.map((worker) =>
      worker.catch((error: unknown) => {
        failure ??= { error };
        onFailure(error);
      }),
    ),
  );
  if (failure !== undefined) throw failure.error;
}
