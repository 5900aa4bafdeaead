import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { createCli } from './support/cli.js';

const tideClock = ['-n', 'Tide Clock', '-d', 'A wall clock that shows the tide'];

describe('projects', () => {
  it('tells of folders that were copied with the id in them', async () => {
    await using cli = await createCli();
    const { id, path } = (await cli.json('init', ...tideClock)).value;
    expect((await cli.run('list')).stderr).toBe('');
    await cp(String(path), `${String(path)}-copy`, { recursive: true });
    const { code, stderr } = await cli.run('list');
    expect(code).toBe(0);
    expect(stderr).toContain(`${String(id)} is the id of several folders`);
    expect(stderr).toContain(`${String(path)}-copy`);
  });

  it('shows when it was changed by the clock of the machine, and gives programs the moment', async () => {
    await using cli = await createCli();
    await cli.run('init', ...tideClock);
    const { projects } = (await cli.json('list')).value as { projects: { updatedAt: number }[] };
    // Nine hours ahead, all year.
    const there = new Date((projects[0]?.updatedAt ?? 0) + 9 * 3_600_000).toISOString().slice(0, 16);
    const { finish } = cli.start(['list'], undefined, { TZ: 'Asia/Tokyo' });
    expect((await finish).stdout).toContain(there.replace('T', ' '));
  });

  it('turns an idea into six documents; a second project with the same text asks nobody', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const first = (await cli.json('init', ...tideClock)).value;
    expect(first).toMatchObject({ name: 'Tide Clock', id: expect.stringContaining('tide-clock') });
    const run = await cli.json('run', '-p', String(first.id));
    expect(run).toMatchObject({
      code: 0,
      value: { stages: Array(6).fill({ outcome: 'done', cache: 'miss' }) },
    });
    expect(simulator.stats().requests).toBe(6 + 1);

    const stages = join(String(first.path), 'stages');
    const files = (await readdir(stages)).sort();
    expect(files.map((file) => file.slice(0, 2))).toEqual(['1-', '2-', '3-', '4-', '5-', '6-']);
    for (const file of files) {
      const text = await readFile(join(stages, file), 'utf8');
      expect(text.length).toBeGreaterThan(500);
      expect(text).toMatch(/^#/m);
    }

    const second = (await cli.json('init', ...tideClock)).value;
    expect(second.path).not.toBe(first.path);
    const again = await cli.json('run', '-p', String(second.id));
    expect(again).toMatchObject({ value: { stages: Array(6).fill({ outcome: 'done', cache: 'hit' }) } });
    const asked = simulator.stats().routes['chat.completions'];
    expect(asked?.ok).toBe(6);
    const third = await cli.json('run', '-p', String(second.id));
    expect(third).toMatchObject({ code: 0, value: { stages: Array(6).fill({ outcome: 'skipped' }) } });
  });

  it('lists and shows projects, for people and for programs', async () => {
    await using cli = await createCli();
    const { id } = (await cli.json('init', ...tideClock, '-t', 'sea', '-t', 'home')).value;
    await cli.run('init', '-n', 'Another', '-d', 'x');
    const { stdout } = await cli.run('list');
    expect(stdout.trim().split('\n')).toHaveLength(2);
    const tagged = (await cli.json('list', '--tag', 'sea')).value;
    expect(tagged).toMatchObject({ projects: [{ id, name: 'Tide Clock', tags: ['sea', 'home'] }] });
    const status = await cli.json('status', '-p', String(id));
    expect(status.value).toMatchObject({ stages: Array(6).fill({ status: 'not-started' }) });
    expect((await cli.run('status', '-p', String(id))).stdout).toContain('Initial Plan');
  });

  it('remembers a project that lies elsewhere', async () => {
    await using cli = await createCli();
    const elsewhere = join(cli.home, 'elsewhere');
    const { path } = (await cli.json('init', ...tideClock, '--path', elsewhere)).value;
    expect(String(path).startsWith(elsewhere)).toBe(true);
    expect((await cli.json('list')).value).toMatchObject({ projects: [{ path }] });
  });

  it('streams a stage to stdout and marks what depends on an edited one as stale', async () => {
    await using cli = await createCli();
    const { id, path } = (await cli.json('init', ...tideClock)).value;
    const { stdout, stderr, code } = await cli.run('run-stage', '-p', String(id), '-s', '1');
    expect(code).toBe(0);
    expect(stdout).toContain(
      await readFile(join(String(path), 'stages', '1-initial-plan.md'), 'utf8').then((t) => t.trim()),
    );
    expect(stderr).toContain('done');
    await cli.run('run', '-p', String(id), '--stages', '2');
    await writeFile(join(String(path), 'stages', '1-initial-plan.md'), 'My own plan.');
    const { value } = await cli.json('status', '-p', String(id));
    expect((value.stages as { status: string; why: string[] }[])[1]).toMatchObject({
      status: 'stale',
      why: [expect.stringContaining('Initial Plan')],
    });
  });

  it('says exit 7 for an unmet stage, 3 for an unknown project or stage, 2 for bad usage', async () => {
    await using cli = await createCli();
    const { id } = (await cli.json('init', ...tideClock)).value;
    const unmet = await cli.json('run-stage', '-p', String(id), '-s', '4');
    expect(unmet).toMatchObject({
      code: 7,
      value: { error: { code: 'PLAN_DEPENDENCY_UNMET', exitCode: 7 } },
    });
    expect(await cli.json('status', '-p', 'nope')).toMatchObject({
      code: 3,
      value: { error: { code: 'STORE_PROJECT_NOT_FOUND', hint: expect.any(String) } },
    });
    expect(await cli.json('run-stage', '-p', String(id), '-s', '9')).toMatchObject({ code: 3 });
    expect(await cli.json('status')).toMatchObject({ code: 2, value: { error: { code: 'USAGE' } } });
    expect(await cli.json('list', '--sort', 'size')).toMatchObject({ code: 2 });
    expect(await cli.json('no-such-command')).toMatchObject({ code: 2 });
    const words = await cli.run('status', '-p', 'nope');
    expect(words).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('nope') });
  });

  it('shows a project also when no provider is configured as it should be, and says so to who would ask one', async () => {
    await using cli = await createCli();
    await writeFile(join(cli.home, 'config.toml'), 'provider = "azure"\n');
    const { id } = (await cli.json('init', ...tideClock)).value;
    expect(await cli.json('status', '-p', String(id))).toMatchObject({ code: 0, value: { project: { id } } });
    const asked = await cli.json('run-stage', '-p', String(id), '-s', '1');
    expect(asked).toMatchObject({ code: 1, value: { error: { code: 'CONFIG_INVALID' } } });
  });

  it('spends no more than --max-cost, and refuses with exit 6 what it cannot price', async () => {
    await using cli = await createCli();
    const { id } = (await cli.json('init', ...tideClock)).value;
    // The built-in simulator is free.
    const free = await cli.json('run', '-p', String(id), '--stages', '1', '--max-cost', '0');
    expect(free).toMatchObject({ code: 0, value: { stages: [{ outcome: 'done', costUsd: 0 }] } });
    await using unpriced = await createCli({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' });
    const other = (await unpriced.json('init', ...tideClock)).value;
    const stage = ['-p', String(other.id), '-s', '1', '--max-cost', '1', '-m', 'unknown-model'];
    expect(await unpriced.json('run-stage', ...stage)).toMatchObject({
      code: 6,
      value: { error: { code: 'PLAN_BUDGET_UNPRICED', message: expect.stringContaining('unknown-model') } },
    });
    expect(await cli.json('run', '-p', String(id), '--max-cost', '-1')).toMatchObject({ code: 2 });
  });

  it('stops cleanly on Ctrl-C in the middle of a stage, and goes on when run again', async () => {
    await using simulator = await createSimulator({ faults: ['chunk-delay=20'] });
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const { id } = (await cli.json('init', ...tideClock)).value;
    const { child, finish } = cli.start(['run-stage', '-p', String(id), '-s', '1']);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill('SIGINT');
    const { code, stderr } = await finish;
    expect(code).toBe(130);
    expect(stderr).toContain('To resume, run again: ai-toolkit run-stage');
    await expect.poll(() => simulator.stats().abortedStreams).toBe(1);
    expect((await cli.json('status', '-p', String(id))).value).toMatchObject({
      stages: [{ status: 'partial' }, {}, {}, {}, {}, {}],
    });
    simulator.clearFaults();
    expect((await cli.run('run-stage', '-p', String(id), '-s', '1')).code).toBe(0);
  });
});
