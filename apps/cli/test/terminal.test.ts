import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { expect, it } from 'vitest';
import { createCli } from './support/cli.js';
import { controlC, controlD, describeOnTerminal, down, enter, startOnTerminal } from './support/terminal.js';

const marks = '\u001B[';

describeOnTerminal('on a terminal', () => {
  it('marks Markdown as it comes, and says the same as in a pipe', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const environment = { OPENAI_BASE_URL: simulator.openaiBaseUrl };
    const prompt = 'Say exactly: # Title with **bold** and `code`';
    const words = ['generate', prompt, '-m', 'm', '--quiet'];
    const { stdout } = await cli.run(...words);
    expect(stdout).not.toContain(marks);
    const colored = startOnTerminal(cli, words, environment);
    const coloredEnd = await colored.finish;
    expect(coloredEnd.code).toBe(0);
    expect(stripVTControlCharacters(coloredEnd.raw).replaceAll('\r', '')).toBe(stdout);
    expect(coloredEnd.raw).toContain(`${marks}1m`);
    for (const [args, extra] of [
      [['--no-color'], {}],
      [[], { NO_COLOR: '1' }],
      [[], { TERM: 'dumb' }],
    ] as const) {
      const plain = startOnTerminal(cli, [...words, ...args], { ...environment, ...extra });
      const plainEnd = await plain.finish;
      expect(plainEnd.code).toBe(0);
      expect(plainEnd.raw.replaceAll('\r', '')).toBe(stdout);
    }
  });

  it('stops at Ctrl-C with 130, and leaves no mark behind', async () => {
    await using simulator = await createSimulator({ faults: ['hang-after=4'] });
    await using cli = await createCli();
    const words = ['generate', 'Say something', '-m', 'm', '--quiet'];
    const terminal = startOnTerminal(cli, words, { OPENAI_BASE_URL: simulator.openaiBaseUrl });
    await terminal.shows(/\w/);
    terminal.type(controlC);
    const terminalEnd = await terminal.finish;
    expect(terminalEnd.code).toBe(130);
    expect(terminalEnd.raw).toContain('Interrupted');
    const last = terminalEnd.raw.split(marks).slice(1).at(-1) ?? '0m';
    expect(last).toMatch(/^(?:0|22|39)m/);
    expect(simulator.stats().routes['chat.completions']).toMatchObject({ aborted: 1 });
  });

  it('asks for a provider and a key, which is never shown', async () => {
    await using cli = await createCli();
    const terminal = startOnTerminal(cli, ['config']);
    await terminal.shows('Who shall answer?');
    terminal.type(down + enter);
    await terminal.shows('Its URL');
    terminal.type(`http://127.0.0.1:9/v1${enter}`);
    await terminal.shows('API key');
    terminal.type(`sk-typed-by-hand-0123${enter}`);
    await terminal.shows('Model');
    terminal.type(enter);
    const terminalEnd = await terminal.finish;
    expect(terminalEnd.code).toBe(0);
    expect(terminalEnd.raw).not.toContain('sk-typed');
    expect(await readFile(join(cli.home, 'config.toml'), 'utf8')).toBe(
      'provider = "openai"\n\n[openai]\nbaseUrl = "http://127.0.0.1:9/v1"\napiKey = "sk-typed-by-hand-0123"\n',
    );
  });

  it('leaves the wizard at Ctrl-C, and writes nothing', async () => {
    await using cli = await createCli();
    const terminal = startOnTerminal(cli, ['config']);
    await terminal.shows('Who shall answer?');
    terminal.type(controlC);
    const terminalEnd = await terminal.finish;
    expect(terminalEnd.code).toBe(130);
    expect(await readdir(cli.home)).toEqual([]);
  });

  it('shows what a model writes, and lets none of it move the terminal', async () => {
    await using cli = await createCli();
    const said = 'Say a\u001B[2Jb\u001B]0;title\u0007';
    const { raw } = await startOnTerminal(cli, ['generate', said, '--no-input']).finish;
    expect(raw).toContain('a\u241B[2Jb\u241B]0;title\u2407');
    expect(raw).not.toContain('\u001B[2J');
    // A pipe gets it as it is.
    expect((await cli.run('generate', said)).stdout).toContain('a\u001B[2Jb');
  });

  it('takes a prompt that is typed, where - asks for it', async () => {
    await using cli = await createCli();
    const terminal = startOnTerminal(cli, ['generate', '-']);
    terminal.type(`Say hello${enter}`);
    terminal.type(controlD);
    const { code, screen } = await terminal.finish;
    expect(code).toBe(0);
    expect(screen).toContain('Simulated answer');
  });

  it('asks nothing where it could not draw, and still holds a conversation', async () => {
    await using cli = await createCli();
    const asked = await startOnTerminal(cli, ['reset', '--all'], { TERM: 'dumb' }).finish;
    expect(asked.code).toBe(2);
    expect(asked.screen).toContain('use --yes');
    expect(asked.raw).not.toContain('\u001B[');
    const chat = startOnTerminal(cli, ['chat'], { TERM: 'dumb' });
    await chat.shows('> ');
    chat.type(`Hello there${enter}`);
    await chat.shows('tokens in');
    chat.type(controlD);
    expect((await chat.finish).code).toBe(0);
  });

  it('asks before it resets', async () => {
    await using cli = await createCli();
    await cli.run('config', 'set', 'model', 'm');
    const refused = startOnTerminal(cli, ['reset', '--all']);
    await refused.shows('Projects stay');
    refused.type(enter);
    const refusedEnd = await refused.finish;
    expect(refusedEnd.code).toBe(1);
    expect(refusedEnd.screen).toContain('Nothing was changed.');
    expect((await cli.run('config', 'get', 'model')).stdout).toBe('m\n');
    const agreed = startOnTerminal(cli, ['reset', '--all']);
    await agreed.shows('Projects stay');
    agreed.type('y');
    const agreedEnd = await agreed.finish;
    expect(agreedEnd.code).toBe(0);
    expect((await cli.run('config', 'get', 'model')).code).toBe(3);
  });

  it('asks before it removes a template of yours', async () => {
    await using cli = await createCli();
    await writeFile(join(cli.home, 'own.hbs'), 'Write in two pages.\n');
    await cli.run('templates', 'import', 'system', '-f', 'own.hbs');
    const refused = startOnTerminal(cli, ['templates', 'reset', 'system']);
    await refused.shows('Remove your system');
    refused.type(enter);
    expect((await refused.finish).code).toBe(1);
    expect((await cli.run('templates', 'show', 'system')).stdout).toBe('Write in two pages.\n');
    const agreed = startOnTerminal(cli, ['templates', 'reset', '--all']);
    await agreed.shows('Remove all your templates');
    agreed.type('y');
    expect((await agreed.finish).code).toBe(0);
    expect(await readdir(join(cli.home, 'templates'))).toEqual([]);
    // Nothing is left to lose, so nobody is asked.
    expect((await cli.run('templates', 'reset', '--all')).code).toBe(0);
  });

  it('holds a conversation until Ctrl-D', async () => {
    await using cli = await createCli();
    const terminal = startOnTerminal(cli, ['chat']);
    await terminal.shows('> ');
    terminal.type(`Hello there${enter}`);
    await terminal.shows(/tokens in.*\r\n.*> $/s);
    terminal.type(controlD);
    const terminalEnd = await terminal.finish;
    expect(terminalEnd.code).toBe(0);
    expect(terminalEnd.raw).toContain('chat --continue');
    expect(await readdir(join(cli.home, 'conversations'))).toHaveLength(1);
  });
});
