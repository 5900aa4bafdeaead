import { appendFile, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProjectStore, StoreError } from '@ai-toolkit/project-store';
import { describe, expect, it } from 'vitest';
import { type BatchEvent, type BatchRow, runBatch } from '../../src/index.js';
import { untilAborted } from '../fake-client.js';
import { collect, type Setup, setUp } from '../setup.js';

interface Batches {
  readonly recordFolder: string;
  run(rows: readonly BatchRow[], options?: Partial<Parameters<typeof runBatch>[1]>): Promise<BatchEvent[]>;
  start(
    rows: readonly BatchRow[],
    options?: Partial<Parameters<typeof runBatch>[1]>,
  ): AsyncGenerator<BatchEvent>;
}

function batches({ planner, store, root }: Setup): Batches {
  const recordFolder = join(root, '.state', 'batches');
  const start: Batches['start'] = (rows, options) =>
    runBatch({ file: join(root, 'batch.json'), rows }, { planner, store, recordFolder, ...options });
  return {
    recordFolder,
    start,
    async run(rows, options) {
      const events: BatchEvent[] = [];
      for await (const event of start(rows, options)) events.push(event);
      return events;
    },
  };
}

/** `done 1`, `failed 2`, … */
function outcomes(events: readonly BatchEvent[]): string[] {
  return events
    .filter(({ type }) => type.startsWith('row-') && type !== 'row-started')
    .map(({ type, row }) => `${type.slice(4)} ${row}`)
    .sort();
}

describe('runBatch', () => {
  it('does the rows of one project in their order, and those that failed again at the next call', async () => {
    const setup = await setUp();
    const { project, client } = setup;
    const { run } = batches(setup);
    const rows: BatchRow[] = [
      { operation: 'run-stage', projectId: 'tide-clock', stage: 1 },
      { operation: 'run-stage', projectId: project.id, stage: 2 },
      { operation: 'run-stage', projectId: project.id, stage: 4 },
      { operation: 'run-stage', projectId: 'nobody', stage: 1 },
      { operation: 'export', projectId: project.id, output: 'out', format: 'json' },
    ];
    const first = await run(rows, { concurrency: 3 });
    expect(outcomes(first)).toEqual(['done 1', 'done 2', 'done 5', 'failed 3', 'failed 4']);
    expect(first.find(({ type, row }) => type === 'row-failed' && row === 3)).toMatchObject({
      error: { code: 'PLAN_DEPENDENCY_UNMET' },
    });
    expect(await readdir(join(setup.root, 'out'))).toEqual(['tide-clock.json']);
    expect(client.calls).toHaveLength(2);
    await collect(setup.planner.runStage(project.id, 3));
    expect(outcomes(await run(rows))).toEqual(['done 3', 'failed 4', 'known 1', 'known 2', 'known 5']);
    expect(client.calls).toHaveLength(4);
  });

  it('goes on where it was interrupted, also when rows were added before and a crash cut a line of the record', async () => {
    const setup = await setUp();
    const { project, client } = setup;
    const { run, start, recordFolder } = batches(setup);
    const rows: BatchRow[] = [1, 2, 3].map((stage) => ({
      operation: 'run-stage',
      projectId: project.id,
      stage,
    }));
    const controller = new AbortController();
    client.between = ({ options }) => {
      if (client.calls.length < 2) return;
      const aborted = untilAborted(options.signal);
      controller.abort(new Error('stop'));
      return aborted;
    };
    const seen: BatchEvent[] = [];
    const interrupted = (async () => {
      for await (const event of start(rows, { signal: controller.signal })) seen.push(event);
    })();
    await expect(interrupted).rejects.toThrow('stop');
    expect(outcomes(seen)).toEqual(['done 1']);
    const [record = ''] = await readdir(recordFolder);
    await appendFile(join(recordFolder, record), '\n{"row":"abc');
    client.between = () => undefined;
    const more: BatchRow[] = [{ operation: 'reset-stage', projectId: project.id, stage: 6 }, ...rows];
    expect(outcomes(await run(more))).toEqual(['done 1', 'done 3', 'done 4', 'known 2']);
    expect(outcomes(await run(more))).toEqual(['known 1', 'known 2', 'known 3', 'known 4']);
  });

  it('begins anew when told to, and takes a project that was made anew for another', async () => {
    const setup = await setUp();
    const { project, store } = setup;
    const { run } = batches(setup);
    const rows: BatchRow[] = [
      { operation: 'run', projectId: 'tide-clock', stages: [1] },
      // Two rows that say the same are two rows.
      { operation: 'run', projectId: 'tide-clock', stages: [1] },
    ];
    expect(outcomes(await run(rows))).toEqual(['done 1', 'done 2']);
    expect(outcomes(await run(rows, { restart: true }))).toEqual(['done 1', 'done 2']);
    expect(outcomes(await run(rows))).toEqual(['known 1', 'known 2']);
    await store.delete(project.id);
    await store.create({ name: 'Tide Clock' });
    expect(outcomes(await run(rows))).toEqual(['done 1', 'done 2']);
  });

  it('works on several projects at once, and on no more than it may', async () => {
    const setup = await setUp();
    const { store, client } = setup;
    const others = await Promise.all(['a', 'b', 'c'].map((name) => store.create({ name })));
    let [atWork, most] = [0, 0];
    let release: () => void = () => undefined;
    const both = new Promise<void>((resolve) => {
      release = resolve;
    });
    client.between = async () => {
      atWork += 1;
      most = Math.max(most, atWork);
      if (atWork === 2) release();
      await both;
      atWork -= 1;
    };
    const rows: BatchRow[] = others.map(({ id }) => ({ operation: 'run-stage', projectId: id, stage: 1 }));
    expect(outcomes(await batches(setup).run(rows, { concurrency: 2 }))).toHaveLength(3);
    expect(most).toBe(2);
    await expect(batches(setup).run(rows, { concurrency: 0 })).rejects.toThrow(RangeError);
  });

  it('repeats nothing because a project could not be read for a moment, and does the others', async () => {
    const setup = await setUp();
    const { project, planner, store } = setup;
    const other = await store.create({ name: 'Other' });
    const { run } = batches(setup);
    const rows: BatchRow[] = [
      { operation: 'reset-stage', projectId: 'tide-clock', stage: 1 },
      { operation: 'run-stage', projectId: other.id, stage: 1 },
    ];
    expect(outcomes(await run(rows.slice(0, 1)))).toEqual(['done 1']);
    await collect(planner.runStage(project.id, 1));
    const failure = new StoreError('STORE_UNAVAILABLE', 'no database', { hint: 'wait' });
    const flaky: ProjectStore = {
      ...store,
      get: (id) => (id === 'tide-clock' ? Promise.reject(failure) : store.get(id)),
    };
    const events = await run(rows, { store: flaky });
    expect(outcomes(events)).toEqual(['done 2', 'failed 1']);
    expect(events).toContainEqual({ type: 'row-failed', row: 1, error: failure });
    expect(await planner.document(project.id, 1)).toBeDefined();
    expect(outcomes(await run(rows))).toEqual(['known 1', 'known 2']);
  });

  it('asks nobody when its progress cannot be kept', async () => {
    const setup = await setUp();
    const blocked = join(setup.root, 'blocked');
    await writeFile(blocked, '');
    const rows: BatchRow[] = [{ operation: 'run-stage', projectId: setup.project.id, stage: 1 }];
    const run = batches(setup).run(rows, { recordFolder: join(blocked, 'below') });
    await expect(run).rejects.toMatchObject({ code: 'PLAN_BATCH_UNRECORDED' });
    expect(setup.client.calls).toEqual([]);
  });

  it('ends what is under way when the loop is left', async () => {
    const setup = await setUp();
    setup.client.between = ({ options }) => untilAborted(options.signal);
    const rows: BatchRow[] = [{ operation: 'run-stage', projectId: setup.project.id, stage: 1 }];
    for await (const event of batches(setup).start(rows)) {
      if (event.type === 'stage' && event.event.type === 'text') break;
    }
    expect((await setup.planner.status(setup.project.id)).stages[0]).toMatchObject({ status: 'partial' });
  });

  it('brings code in and out, by paths from the folder of the file', async () => {
    const setup = await setUp();
    const { root, project, store } = setup;
    await mkdir(join(root, 'code'));
    await writeFile(join(root, 'code', 'a.ts'), 'export const a = 1;\n');
    await store.writeStage(
      project.id,
      { number: 6, slug: 'code-generation-and-review' },
      '```ts b.ts\nexport {};\n```\n',
    );
    const rows: BatchRow[] = [
      { operation: 'import-code', projectId: project.id, files: ['code'], description: 'the old one' },
      { operation: 'extract-code', projectId: project.id, stage: 6, output: 'out' },
      { operation: 'reset-stage', projectId: project.id, stage: 6 },
    ];
    const events = await batches(setup).run(rows);
    expect(outcomes(events)).toEqual(['done 1', 'done 2', 'done 3']);
    expect(await readFile(join(root, 'out', 'b.ts'), 'utf8')).toBe('export {};\n');
    expect(await setup.planner.document(project.id, 6)).toBeUndefined();
  });

  it('is for one at a time, and free again when it is left, done or dead', async () => {
    const setup = await setUp();
    const { run, start, recordFolder } = batches(setup);
    const rows: BatchRow[] = [{ operation: 'run-stage', projectId: setup.project.id, stage: 1 }];
    const first = start(rows);
    await first.next();
    await expect(run(rows, { restart: true })).rejects.toMatchObject({
      code: 'PLAN_BATCH_BUSY',
      message: expect.stringContaining(`process ${process.pid} on `),
      retryable: true,
    });
    await first.return(undefined);
    expect(outcomes(await run(rows))).toEqual(['done 1']);
    const [record = ''] = await readdir(recordFolder);
    expect(record).toMatch(/\.jsonl$/);
    // Of another machine, and silent for long.
    const left = { token: 'a', pid: 1, host: 'h', scope: 'other', acquiredAt: 0 };
    await writeFile(join(recordFolder, `${record}.lock`), JSON.stringify(left));
    await utimes(join(recordFolder, `${record}.lock`), 0, 0);
    expect(outcomes(await run(rows))).toEqual(['known 1']);
  });
});
