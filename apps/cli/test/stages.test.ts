import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { createCli } from './support/cli.js';

const tideClock = ['-n', 'Tide Clock', '-d', 'A wall clock that shows the tide'];

describe('plan', () => {
  it('says what a run would do and cost, and asks nobody', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const { id } = (await cli.json('init', ...tideClock)).value;
    const before = await cli.json('plan', '-p', String(id));
    expect(before).toMatchObject({
      code: 0,
      value: { calls: 6, hits: 0, steps: Array(6).fill({ action: 'run' }) },
    });
    expect(simulator.stats().requests).toBe(0);
    await cli.run('run', '-p', String(id), '--stages', '1');
    const asked = simulator.stats().requests;
    const twin = (await cli.json('init', ...tideClock)).value;
    const after = (await cli.json('plan', '-p', String(twin.id), '--stages', '1-2')).value;
    expect(after).toMatchObject({
      hits: 1,
      steps: [{ call: { cache: 'hit', costUsd: 0 } }, { call: { cache: 'unknown', until: [1] } }],
    });
    expect(simulator.stats().requests).toBe(asked);
    const words = await cli.run('plan', '-p', String(id));
    expect(words).toMatchObject({ code: 0, stdout: expect.stringContaining('5 calls') });
    expect(await cli.json('plan', '-p', 'nobody')).toMatchObject({ code: 3 });
    expect(await cli.json('plan', '-p', String(id), '--stages', '9')).toMatchObject({ code: 3 });
    expect(await cli.json('plan', '-p', String(id), '--stages', 'x')).toMatchObject({ code: 2 });
  });
});

describe('run-stage', () => {
  it('sends variables, takes another template, and refuses to ask where nobody is', async () => {
    await using cli = await createCli();
    const { id } = (await cli.json('init', ...tideClock)).value;
    const stage = ['run-stage', '-p', String(id), '-s', '1'];
    expect(await cli.json(...stage, '-v', 'tone=warm')).toMatchObject({
      code: 0,
      value: { outcome: 'done' },
    });
    const { value } = await cli.json('templates', 'debug', 'initial-plan', '-p', String(id));
    expect(value.prompt).toContain('tone: warm');
    expect(await cli.json(...stage, '-v', 'tone')).toMatchObject({ code: 2 });
    expect(await cli.json(...stage, '--template', 'nothing')).toMatchObject({
      code: 3,
      value: { error: { code: 'PLAN_TEMPLATE_NOT_FOUND' } },
    });
    for (const args of [['--interactive'], ['--interactive', '--json']]) {
      const { code, stdout, stderr } = await cli.run(...stage, ...args);
      expect(code).toBe(2);
      expect(stdout + stderr).toContain('it needs a terminal');
    }
    expect((await cli.run(...stage)).stdout).toBe('1 is up to date.\n');
  });

  it('says which command goes on when it is stopped, as a shell reads it back', async () => {
    await using simulator = await createSimulator({ faults: ['chunk-delay=20'] });
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const { id } = (await cli.json('init', ...tideClock)).value;
    const args = ['run-stage', '-p', String(id), '-s', '1', '-v', "tone=it's warm"];
    const { child, finish } = cli.start(args);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill('SIGINT');
    const { code, stderr } = await finish;
    expect(code).toBe(130);
    expect(stderr).toContain(
      `To resume, run again: ai-toolkit run-stage -p ${String(id)} -s 1 -v 'tone=it'\\''s warm'`,
    );
    await expect.poll(() => simulator.stats().abortedStreams).toBe(1);
  });
});

describe('run', () => {
  it('stops at once on Ctrl-C, names the command that goes on, and repeats nothing that was done', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const { id, path } = (await cli.json('init', ...tideClock)).value;
    await cli.run('run', '-p', String(id), '--stages', '1');
    simulator.setFaults('chunk-delay=20');
    const { child, finish } = cli.start(['run', '-p', String(id), '--json']);
    await expect
      .poll(() => readdir(join(String(path), 'stages')), { timeout: 30_000 })
      .toContain('2-architecture-design.partial.md');
    child.kill('SIGINT');
    const { code, stdout } = await finish;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({
      stages: [{ stage: 1, outcome: 'skipped' }],
      error: {
        code: 'INTERRUPTED',
        hint: `To resume, run again: ai-toolkit run -p ${String(id)} --json`,
        exitCode: 130,
      },
    });
    await expect.poll(() => simulator.stats().abortedStreams).toBe(1);
    simulator.clearFaults();
    const again = await cli.json('run', '-p', String(id));
    expect(again).toMatchObject({
      code: 0,
      value: { stages: [{ outcome: 'skipped' }, ...Array(5).fill({ outcome: 'done' })] },
    });
  });

  it('stops also while a server says nothing at all', async () => {
    await using simulator = await createSimulator({ faults: ['hang'] });
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const { id } = (await cli.json('init', ...tideClock)).value;
    const { child, finish } = cli.start(['run', '-p', String(id)]);
    await expect.poll(() => simulator.stats().inFlight, { timeout: 30_000 }).toBe(1);
    child.kill('SIGINT');
    expect(await finish).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('To resume, run again:'),
    });
    // It does not wait for the server to end, which it never would.
    await expect.poll(() => simulator.stats().inFlight).toBe(0);
  });

  it('tells in the document what was done before it failed', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const { id, path } = (await cli.json('init', ...tideClock)).value;
    await cli.run('templates', 'export', 'user-experience-design', '-o', join(String(path), 'templates'));
    await writeFile(join(String(path), 'templates', 'user-experience-design.hbs'), '{{nothing}}');
    const { code, value } = await cli.json('run', '-p', String(id));
    expect(code).toBe(1);
    expect(value).toMatchObject({
      error: { code: 'PLAN_TEMPLATE_VARIABLE', exitCode: 1 },
      stages: [
        ...Array(4).fill({ outcome: 'done' }),
        { stage: 5, outcome: 'failed' },
        { stage: 6, outcome: 'skipped', why: expect.stringContaining('stage 5') },
      ],
    });
    const unmet = (await cli.json('init', '-n', 'Rain', '-d', 'x')).value;
    expect(await cli.json('run', '-p', String(unmet.id), '--stages', '4')).toMatchObject({
      code: 7,
      value: { error: { code: 'PLAN_DEPENDENCY_UNMET' } },
    });
  });
});

describe('reset-stage', () => {
  it('puts a stage back, and keeps its revision', async () => {
    await using cli = await createCli();
    const { id, path } = (await cli.json('init', ...tideClock)).value;
    await cli.run('run', '-p', String(id), '--stages', '1,2');
    expect(await cli.json('reset-stage', '-p', String(id), '-s', '1')).toMatchObject({
      code: 0,
      value: { stage: 1, name: 'Initial Plan', status: 'not-started', stale: [2] },
    });
    await expect(readFile(join(String(path), 'stages', '1-initial-plan.md'))).rejects.toThrow('ENOENT');
    expect((await cli.json('history', '-p', String(id), '-s', '1')).value).toMatchObject({
      revisions: [{ id: '1@1', current: false }],
    });
    const words = await cli.run('reset-stage', '-p', String(id), '-s', '2');
    expect(words.stdout).toContain('2 Architecture Design is not started');
    expect(await cli.json('reset-stage', '-p', String(id), '-s', '9')).toMatchObject({ code: 3 });
    expect(await cli.json('reset-stage', '-p', String(id))).toMatchObject({ code: 2 });
  });

  it('says of a document that it was cut short, also later', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    await cli.run('init', '-n', 'Tide', '-d', 'A wall clock that shows the tide');
    const short = await cli.run('run-stage', '-p', 'tide', '-s', '1', '--max-tokens', '20');
    expect(short.stderr).toContain('cut short by --max-tokens');
    expect((await cli.run('status', '-p', 'tide')).stdout).toMatch(
      /1 {2}Initial Plan.*cut short by --max-tokens/,
    );
    await cli.run('run-stage', '-p', 'tide', '-s', '1', '--max-tokens', '9000');
    expect((await cli.run('status', '-p', 'tide')).stdout).not.toContain('cut short');
  });
});
