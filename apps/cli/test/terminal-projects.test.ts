import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { expect, it } from 'vitest';
import { createCli } from './support/cli.js';
import { controlC, describeOnTerminal, down, enter, startOnTerminal } from './support/terminal.js';

const tideClock = ['-n', 'Tide Clock', '-d', 'A wall clock that shows the tide'];

describeOnTerminal('projects on a terminal', () => {
  it('asks for a project that has no name yet', async () => {
    await using cli = await createCli();
    const terminal = startOnTerminal(cli, ['init']);
    await terminal.shows('What is the project called?');
    terminal.type(`Tide Clock${enter}`);
    await terminal.shows('What is the idea');
    terminal.type(`Shows the tide${enter}`);
    await terminal.shows('Tags');
    terminal.type(`sea, home${enter}`);
    expect(await terminal.finish).toMatchObject({ code: 0 });
    expect((await cli.json('list')).value).toMatchObject({
      projects: [{ name: 'Tide Clock', description: 'Shows the tide', tags: ['sea', 'home'] }],
    });
  });

  it('makes nothing when the question is left by Ctrl-C', async () => {
    await using cli = await createCli();
    const terminal = startOnTerminal(cli, ['init']);
    await terminal.shows('What is the project called?');
    terminal.type(controlC);
    expect(await terminal.finish).toMatchObject({ code: 130 });
    expect((await cli.json('list')).value).toMatchObject({ projects: [] });
  });

  it('asks nothing with --no-input, and nothing of what the flags say', async () => {
    await using cli = await createCli();
    expect(await startOnTerminal(cli, ['init', '--no-input']).finish).toMatchObject({ code: 2 });
    const terminal = startOnTerminal(cli, ['init', '-d', 'x', '-t', 'sea']);
    await terminal.shows('What is the project called?');
    terminal.type(`Tide${enter}`);
    const { code, screen } = await terminal.finish;
    expect(code).toBe(0);
    expect(screen).not.toMatch(/idea|Tags/);
  });

  it('deletes a project only when the question is answered with yes', async () => {
    await using cli = await createCli();
    const { id, path } = (await cli.json('init', ...tideClock)).value;
    const first = startOnTerminal(cli, ['delete', '-p', String(id)]);
    await first.shows('to the trash?');
    first.type(enter);
    const { code, screen } = await first.finish;
    expect(code).toBe(1);
    expect(screen).toContain('Nothing was changed.');
    await access(String(path));
    const second = startOnTerminal(cli, ['delete', '-p', String(id)]);
    await second.shows('to the trash?');
    second.type(`y`);
    expect(await second.finish).toMatchObject({ code: 0 });
    await expect(access(String(path))).rejects.toThrow();
  });

  it('asks what to do with a text: change it by a remark, accept it', async () => {
    await using cli = await createCli();
    const { id, path } = (await cli.json('init', ...tideClock)).value;
    const terminal = startOnTerminal(cli, ['run-stage', '-p', String(id), '-s', '1', '--interactive']);
    await terminal.shows('What shall become of it?');
    terminal.type(`${down}${enter}`);
    await terminal.shows('What should be different?');
    terminal.type(`Say more of the motor${enter}`);
    await terminal.shows('What shall become of it?');
    terminal.type(enter);
    expect(await terminal.finish).toMatchObject({ code: 0 });
    const { value } = await cli.json('templates', 'debug', 'initial-plan', '-p', String(id));
    expect(value.prompt).toContain('remark: Say more of the motor');
    expect((await cli.json('status', '-p', String(id))).value).toMatchObject({
      stages: [{ status: 'done', revision: 2 }, {}, {}, {}, {}, {}],
    });
    expect(await readFile(join(String(path), 'stages', '1-initial-plan.md'), 'utf8')).toMatch(/^#/m);
  });

  it('goes back to what was there when a text is discarded, or the question is left', async () => {
    await using cli = await createCli();
    const { id } = (await cli.json('init', ...tideClock)).value;
    const stage = ['run-stage', '-p', String(id), '-s', '1', '--interactive'];
    const first = startOnTerminal(cli, stage);
    await first.shows('What shall become of it?');
    first.type(`${down}${down}${enter}`);
    expect(await first.finish).toMatchObject({ code: 0 });
    const stages = async () => (await cli.json('status', '-p', String(id))).value.stages;
    expect(await stages()).toMatchObject([{ status: 'not-started' }, {}, {}, {}, {}, {}]);

    await cli.run('run-stage', '-p', String(id), '-s', '1');
    const second = startOnTerminal(cli, [...stage, '-v', 'tone=warm']);
    await second.shows('What shall become of it?');
    second.type(controlC);
    expect(await second.finish).toMatchObject({ code: 130 });
    expect(await stages()).toMatchObject([{ status: 'done', revision: 4 }, {}, {}, {}, {}, {}]);
    const { value } = await cli.json('history', '-p', String(id));
    expect((value.revisions as { origin: string }[]).map(({ origin }) => origin)).toEqual([
      'run',
      'run',
      'run',
      'restore',
    ]);
  });

  it('shows how a run goes on, and leaves a whole line behind when it is stopped', async () => {
    await using simulator = await createSimulator({ faults: ['chunk-delay=20'] });
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const { id } = (await cli.json('init', ...tideClock)).value;
    const terminal = startOnTerminal(cli, ['run', '-p', String(id)]);
    await terminal.shows('Initial Plan: started');
    await terminal.shows('characters');
    terminal.type(controlC);
    const { code, screen, raw } = await terminal.finish;
    expect(code).toBe(130);
    expect(screen).toContain(`To resume, run again: ai-toolkit run -p ${String(id)}`);
    // Drawn frame by frame, not for each piece of the text.
    const frames = raw.split('\u001b[K').filter((line) => line.includes('characters'));
    expect(new Set(frames).size).toBe(frames.length);
    // The moving line was cleared before anything else was said.
    expect(raw.slice(raw.lastIndexOf('\u001b[K'))).not.toContain('characters');
    await expect.poll(() => simulator.stats().abortedStreams).toBe(1);
  });
});
