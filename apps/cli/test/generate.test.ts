import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { createCli } from './support/cli.js';

describe('generate', () => {
  it('prints the answer on stdout and says on stderr where it came from', async () => {
    await using cli = await createCli();
    const first = await cli.run('generate', 'Say hello');
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Simulated.*\n$/s) });
    expect(first.stderr).toContain('Answers are simulated, because no key is set');
    expect(first.stderr).toContain('miss');
    const second = await cli.run('generate', 'Say hello');
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toContain('from the cache');
    expect((await cli.json('generate', 'Say hello')).value).toMatchObject({
      cache: 'hit',
      text: first.stdout.trimEnd(),
    });
    expect((await cli.run('generate', 'Say hello', '--quiet')).stderr).toBe('');
  });

  it('joins files, stdin and the prompt', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const file = join(cli.home, 'notes.txt');
    await writeFile(file, 'FROM FILE');
    await cli.start(['generate', '-m', 'm', '-s', 'Be brief', '-f', file, '-'], 'FROM STDIN\n').finish;
    await cli.start(['generate', '-m', 'm', '--temperature', '0', '--max-tokens', '5', '--no-stream'], 'ALL')
      .finish;
    const bodies = simulator.requests().map(({ body }) => body as Record<string, unknown>);
    expect(bodies[0]).toMatchObject({
      stream: true,
      messages: [
        { role: 'system', content: 'Be brief' },
        { role: 'user', content: 'FROM FILE\n\nFROM STDIN' },
      ],
    });
    expect(bodies[1]).toMatchObject({ temperature: 0, max_tokens: 5, messages: [{ content: 'ALL' }] });
    expect(bodies[1]).not.toHaveProperty('stream');
  });

  it('obeys the flags of the cache', async () => {
    await using cli = await createCli();
    const cacheOf = async (...flags: string[]): Promise<unknown> =>
      (await cli.json('generate', 'Flags', ...flags)).value.cache;
    const none = await cli.json('generate', 'Flags', '--only-if-cached');
    expect(none).toMatchObject({ code: 3, value: { error: { code: 'AI_NOT_CACHED' } } });
    expect(await cacheOf('--no-cache')).toBe('bypass');
    expect(await cacheOf()).toBe('miss');
    expect(await cacheOf('--refresh')).toBe('refresh');
    expect(await cacheOf('--only-if-cached')).toBe('hit');
    expect(await cli.json('generate', 'Flags', '--refresh', '--no-cache')).toMatchObject({ code: 2 });
  });

  it('answers a question in other words from the cache, where that is switched on', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const section = '[semantic]\nmodel = "text-embedding-3-small"\nthreshold = 0.6\ntimeoutMs = 10000\n';
    await writeFile(join(cli.home, 'config.toml'), section);
    const cacheOf = async (prompt: string): Promise<unknown> =>
      (await cli.json('generate', prompt, '-m', 'gpt-4o-mini')).value.cache;
    expect(await cacheOf('What is the capital of France?')).toBe('miss');
    expect(await cacheOf("what's the capital of France")).toBe('semantic');
  });

  it('writes the answer to a file', async () => {
    await using cli = await createCli();
    const { stdout } = await cli.run('generate', 'To a file', '-o', 'answer.md');
    expect(stdout).toBe('');
    expect(await readFile(join(cli.home, 'answer.md'), 'utf8')).toMatch(/^Simulated/);
  });

  it('tells a bad key (4), an unknown model (5), a provider that is away (5), an exhausted quota (6)', async () => {
    await using simulator = await createSimulator({ apiKeys: ['sk-right'], strictModels: true });
    const { openaiBaseUrl } = simulator;
    await using wrong = await createCli({ OPENAI_BASE_URL: openaiBaseUrl, OPENAI_API_KEY: 'sk-wrong' });
    const refused = await wrong.run('generate', 'x', '-m', 'gpt-4o');
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(refused.stderr).not.toContain('sk-wrong');
    await using right = await createCli({ OPENAI_BASE_URL: openaiBaseUrl, OPENAI_API_KEY: 'sk-right' });
    expect((await right.run('generate', 'x', '-m', 'no-such-model')).code).toBe(5);
    simulator.setFaults('status=429; error=insufficient_quota');
    expect(await right.json('generate', 'x', '-m', 'gpt-4o')).toMatchObject({
      code: 6,
      value: { error: { code: 'AI_PROVIDER' } },
    });
    await using away = await createCli({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' });
    const unreachable = await away.json('generate', 'x', '-m', 'm');
    expect(unreachable).toMatchObject({ code: 5, value: { error: { code: 'AI_UNREACHABLE' } } });
  });

  it('needs a prompt', async () => {
    await using cli = await createCli();
    expect(await cli.start(['generate'], '').finish).toMatchObject({ code: 2, stdout: '' });
    expect(await cli.run('generate', '--no-input')).toMatchObject({ code: 2 });
  });
});
