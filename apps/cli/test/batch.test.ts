import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { type Cli, createCli } from './support/cli.js';

async function write(cli: Cli, name: string, rows: unknown): Promise<void> {
  await writeFile(join(cli.home, name), typeof rows === 'string' ? rows : JSON.stringify(rows));
}

async function project(cli: Cli, name: string): Promise<string> {
  return String((await cli.json('init', '-n', name, '-d', `${name}, for the wall`)).value.id);
}

describe('batch', () => {
  it('does each row, says failure when one failed, and does only the rest the next time', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const tide = await project(cli, 'Tide');
    const rain = await project(cli, 'Rain');
    await write(cli, 'rows.json', [
      { operation: 'run-stage', project_id: 'tide', stage: 1 },
      { operation: 'run_stage', project_id: rain, stage: 2 },
      { operation: 'run', project_id: tide, stages: [1, 2] },
      { operation: 'export', project_id: tide, output: 'out' },
    ]);
    const first = await cli.json('batch', '-f', 'rows.json');
    expect(first).toMatchObject({
      code: 1,
      value: {
        error: { code: 'FAILURE', exitCode: 1, message: '1 of 4 rows failed.' },
        rows: [
          { row: 1, operation: 'run-stage', stage: 1, outcome: 'done', stages: [{ outcome: 'done' }] },
          { row: 2, outcome: 'failed', error: { code: 'PLAN_DEPENDENCY_UNMET', exitCode: 7 } },
          { row: 3, outcome: 'done', stages: [{ outcome: 'skipped' }, { outcome: 'done' }] },
          { row: 4, outcome: 'done', detail: expect.stringContaining('files in') },
        ],
      },
    });
    expect(await readdir(join(cli.home, 'out'))).toContain('2-architecture-design.md');
    const asked = simulator.stats().requests;
    const words = await cli.run('batch', '-f', 'rows.json');
    expect(words).toMatchObject({ code: 1, stdout: expect.stringContaining('known') });
    expect(words.stderr).toContain('row 1 of 4, run-stage tide: done by an earlier call');
    expect(simulator.stats().requests).toBe(asked);
    await cli.run('run-stage', '-p', rain, '-s', '1');
    const last = await cli.json('batch', '-f', 'rows.json');
    expect(last).toMatchObject({ code: 0, value: { rows: [{}, { outcome: 'done' }, {}, {}] } });
    expect(last.value).not.toHaveProperty('error');
    expect((await cli.run('batch', '-f', 'rows.json')).stderr).toContain('All rows are already done.');
    const anew = await cli.json('batch', '-f', 'rows.json', '--restart');
    expect(anew).toMatchObject({ code: 0, value: { rows: Array(4).fill({ outcome: 'done' }) } });
  });

  it('takes TOML, and names what is wrong in a file before anything is done', async () => {
    await using cli = await createCli();
    const id = await project(cli, 'Tide');
    await write(cli, 'rows.toml', `[[rows]]\noperation = "reset-stage"\nproject_id = "${id}"\nstage = 1\n`);
    expect(await cli.json('batch', '-f', 'rows.toml')).toMatchObject({
      code: 0,
      value: { rows: [{ operation: 'reset-stage', outcome: 'done' }] },
    });
    await write(cli, 'bad.json', [
      { operation: 'run-stage', project_id: id, stage: 1 },
      { operation: 'run-stage', project_id: id },
    ]);
    expect(await cli.json('batch', '-f', 'bad.json')).toMatchObject({
      code: 2,
      value: { error: { code: 'PLAN_BATCH_INVALID', message: expect.stringContaining('row 2: stage') } },
    });
    expect((await cli.json('status', '-p', id)).value).toMatchObject({
      stages: [{ status: 'not-started' }, {}, {}, {}, {}, {}],
    });
    expect(await cli.json('batch', '-f', 'none.json')).toMatchObject({ code: 3 });
    expect(await cli.json('batch')).toMatchObject({ code: 2 });
    expect(await cli.json('batch', '-f', 'rows.toml', '--concurrency', '0')).toMatchObject({ code: 2 });
  });

  it('keeps to the budget of a row', async () => {
    await using cli = await createCli({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' });
    const id = await project(cli, 'Tide');
    const row = { operation: 'run-stage', project_id: id, stage: 1, max_cost: 0.01, model: 'unknown-model' };
    await write(cli, 'rows.json', [row]);
    expect(await cli.json('batch', '-f', 'rows.json')).toMatchObject({
      code: 1,
      value: { rows: [{ outcome: 'failed', error: { code: 'PLAN_BUDGET_UNPRICED', exitCode: 6 } }] },
    });
  });

  it('stops at once on Ctrl-C, and goes on with the command that it names', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const id = await project(cli, 'Tide');
    const rows = [1, 2, 3].map((stage) => ({ operation: 'run-stage', project_id: id, stage }));
    await write(cli, 'rows.json', rows.slice(0, 1));
    expect(await cli.json('batch', '-f', 'rows.json')).toMatchObject({ code: 0 });
    await write(cli, 'rows.json', rows);
    simulator.setFaults('chunk-delay=20');
    const { child, finish } = cli.start(['batch', '-f', 'rows.json']);
    const stages = join(cli.home, 'projects', 'tide', 'stages');
    await expect
      .poll(() => readdir(stages), { timeout: 30_000 })
      .toContain('2-architecture-design.partial.md');
    child.kill('SIGINT');
    const { code, stderr } = await finish;
    expect(code).toBe(130);
    expect(stderr).toContain('To resume, run again: ai-toolkit batch -f rows.json\n');
    await expect.poll(() => simulator.stats().abortedStreams).toBe(1);
    simulator.clearFaults();
    expect(await cli.json('batch', '-f', 'rows.json')).toMatchObject({
      code: 0,
      value: { rows: [{ outcome: 'known' }, { outcome: 'done' }, { outcome: 'done' }] },
    });

    simulator.setFaults('chunk-delay=20');
    const restarted = cli.start(['batch', '--restart', '-f', 'rows.json', '--json']);
    await new Promise((resolve) => restarted.child.stderr?.once('data', resolve));
    restarted.child.kill('SIGINT');
    const { code: again, stdout } = await restarted.finish;
    expect(again).toBe(130);
    const { error } = JSON.parse(stdout) as { error: { hint: string } };
    // Nothing would ever be done if going on began anew.
    expect(error.hint).toBe('To resume, run again: ai-toolkit batch -f rows.json --json');
  });

  it('goes on after it was killed, and does nothing twice that was done', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const id = await project(cli, 'Tide');
    await write(cli, 'rows.json', [
      { operation: 'run-stage', project_id: id, stage: 1 },
      { operation: 'export', project_id: id, output: 'out' },
      { operation: 'run-stage', project_id: id, stage: 2 },
    ]);
    // The second answer never ends.
    simulator.setFaults('path=/v1/chat; times=1', 'path=/v1/chat; hang-after=3');
    const { child, finish } = cli.start(['batch', '-f', 'rows.json']);
    const stages = join(cli.home, 'projects', 'tide', 'stages');
    await expect
      .poll(() => readdir(stages).catch(() => []), { timeout: 30_000 })
      .toContain('2-architecture-design.partial.md');
    child.kill('SIGKILL');
    expect((await finish).code).toBe('SIGKILL');
    simulator.clearFaults();
    expect(await cli.json('batch', '-f', 'rows.json')).toMatchObject({
      code: 0,
      value: { rows: [{ outcome: 'known' }, { outcome: 'known' }, { outcome: 'done' }] },
    });
  });

  it('keeps its progress private, and away from the rows', async () => {
    await using cli = await createCli();
    const id = await project(cli, 'Tide');
    await write(cli, 'rows.json', [
      { operation: 'run-stage', project_id: id, stage: 1, vars: { tone: 'secret words' } },
    ]);
    await cli.run('batch', '-f', 'rows.json');
    const [record = ''] = await readdir(join(cli.home, 'state', 'batches'));
    const text = await readFile(join(cli.home, 'state', 'batches', record), 'utf8');
    expect(text).toContain(id);
    expect(text).not.toContain('secret words');
    expect(await readdir(cli.home)).toContain('rows.json');
  });

  it('is for one process at a time, and goes on where one was killed', async () => {
    await using simulator = await createSimulator({ faults: ['hang-after=4'] });
    await using working = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl, AI_TOOLKIT_MODEL: 'm' });
    await project(cli, 'Tide');
    await write(cli, 'rows.json', [{ operation: 'run-stage', project_id: 'tide', stage: 1 }]);
    const { child, finish } = cli.start(['batch', '-f', 'rows.json']);
    await expect.poll(() => simulator.stats().inFlight, { timeout: 30_000 }).toBe(1);
    const second = await cli.json('batch', '-f', 'rows.json', '--restart');
    expect(second).toMatchObject({
      code: 1,
      value: {
        error: { code: 'PLAN_BATCH_BUSY', message: expect.stringContaining(`process ${child.pid} on `) },
      },
    });
    child.kill('SIGKILL');
    await finish;
    const third = cli.start(['--json', 'batch', '-f', 'rows.json'], '', {
      OPENAI_BASE_URL: working.openaiBaseUrl,
    });
    expect(JSON.parse((await third.finish).stdout)).toMatchObject({ rows: [{ outcome: 'done' }] });
  });
});
