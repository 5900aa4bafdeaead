import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { expect, it } from 'vitest';
import { createCli } from './support/cli.js';
import { describeOnTerminal, keys, onTerminal } from './support/terminal.js';

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
    const colored = onTerminal(cli.home, words, environment);
    expect(await colored.end).toBe(0);
    expect(stripVTControlCharacters(colored.shown).replaceAll('\r', '')).toBe(stdout);
    expect(colored.shown).toContain(`${marks}1m`);
    for (const [args, extra] of [
      [['--no-color'], {}],
      [[], { NO_COLOR: '1' }],
      [[], { TERM: 'dumb' }],
    ] as const) {
      const plain = onTerminal(cli.home, [...words, ...args], { ...environment, ...extra });
      expect(await plain.end).toBe(0);
      expect(plain.shown.replaceAll('\r', '')).toBe(stdout);
    }
  });

  it('stops at Ctrl-C with 130, and leaves no mark behind', async () => {
    await using simulator = await createSimulator({ faults: ['hang-after=4'] });
    await using cli = await createCli();
    const words = ['generate', 'Say something', '-m', 'm', '--quiet'];
    const terminal = onTerminal(cli.home, words, { OPENAI_BASE_URL: simulator.openaiBaseUrl });
    await terminal.see(/\w/);
    terminal.type(keys.ctrlC);
    expect(await terminal.end).toBe(130);
    expect(terminal.shown).toContain('Interrupted');
    const last = terminal.shown.split(marks).slice(1).at(-1) ?? '0m';
    expect(last).toMatch(/^(?:0|22|39)m/);
    expect(simulator.stats().routes['chat.completions']).toMatchObject({ aborted: 1 });
  });

  it('asks for a provider and a key, which is never shown', async () => {
    await using cli = await createCli();
    const terminal = onTerminal(cli.home, ['config']);
    await terminal.see('Who shall answer?');
    terminal.type(keys.down + keys.enter);
    await terminal.see('Its URL');
    terminal.type(`http://127.0.0.1:9/v1${keys.enter}`);
    await terminal.see('API key');
    terminal.type(`sk-typed-by-hand-0123${keys.enter}`);
    await terminal.see('Model');
    terminal.type(keys.enter);
    expect(await terminal.end).toBe(0);
    expect(terminal.shown).not.toContain('sk-typed');
    expect(await readFile(join(cli.home, 'config.toml'), 'utf8')).toBe(
      'provider = "openai"\n\n[openai]\nbaseUrl = "http://127.0.0.1:9/v1"\napiKey = "sk-typed-by-hand-0123"\n',
    );
  });

  it('leaves the wizard at Ctrl-C, and writes nothing', async () => {
    await using cli = await createCli();
    const terminal = onTerminal(cli.home, ['config']);
    await terminal.see('Who shall answer?');
    terminal.type(keys.ctrlC);
    expect(await terminal.end).toBe(130);
    expect(await readdir(cli.home)).toEqual([]);
  });

  it('asks before it resets', async () => {
    await using cli = await createCli();
    await cli.run('config', 'set', 'model', 'm');
    const refused = onTerminal(cli.home, ['reset', '--all']);
    await refused.see('Projects stay');
    refused.type(keys.enter);
    expect(await refused.end).toBe(1);
    expect((await cli.run('config', 'get', 'model')).stdout).toBe('m\n');
    const agreed = onTerminal(cli.home, ['reset', '--all']);
    await agreed.see('Projects stay');
    agreed.type('y');
    expect(await agreed.end).toBe(0);
    expect((await cli.run('config', 'get', 'model')).code).toBe(3);
  });

  it('holds a conversation until Ctrl-D', async () => {
    await using cli = await createCli();
    const terminal = onTerminal(cli.home, ['chat']);
    await terminal.see('> ');
    terminal.type(`Hello there${keys.enter}`);
    await terminal.see(/tokens in.*\r\n.*> $/s);
    terminal.type(keys.ctrlD);
    expect(await terminal.end).toBe(0);
    expect(terminal.shown).toContain('chat --continue');
    expect(await readdir(join(cli.home, 'conversations'))).toHaveLength(1);
  });
});
