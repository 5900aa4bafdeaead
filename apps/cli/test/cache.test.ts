import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { type Cli, createCli } from './support/cli.js';

interface ListedEntry {
  readonly key: string;
  readonly tags: readonly string[];
}

async function entriesOf(cli: Cli): Promise<readonly ListedEntry[]> {
  return (await cli.json('cache', 'list')).value.entries as readonly ListedEntry[];
}

const nobody = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };

describe('cache', () => {
  it('lists, shows and deletes answers by the beginnings of their keys', async () => {
    await using cli = await createCli();
    for (const prompt of ['One', 'Two', 'Three']) await cli.run('generate', prompt);
    const entries = await entriesOf(cli);
    expect(entries).toHaveLength(3);
    expect((await cli.json('cache', 'list', '--limit', '1')).value.entries).toHaveLength(1);
    const { stdout } = await cli.run('cache', 'list');
    expect(stdout.split('\n')[1]).toMatch(/^[0-9a-f]{12} {2}simulated-1/);
    const [first, second, third] = entries.map(({ key }) => key);
    const shown = await cli.json('cache', 'show', String(first).slice(0, 12));
    expect(shown.value).toMatchObject({ key: first, surface: 'chat', model: 'simulated-1', status: 'hit' });
    expect(JSON.stringify(shown.value.answer)).toContain('Simulated');
    expect((await cli.run('cache', 'show', String(first))).stdout).toContain('"choices"');
    expect(await cli.json('cache', 'show', 'ffffffffffff')).toMatchObject({
      code: 3,
      value: { error: { code: 'AI_NOT_CACHED' } },
    });
    expect(await cli.json('cache', 'show', '')).toMatchObject({ code: 2 });
    const deleted = await cli.json(
      ...['cache', 'delete', String(first), String(second).slice(0, 12), String(first).slice(0, 12)],
    );
    expect(deleted).toMatchObject({ code: 0, value: { deleted: [first, second] } });
    expect((await entriesOf(cli)).map(({ key }) => key)).toEqual([third]);
    expect((await cli.run('cache', 'delete', String(first))).code).toBe(3);
  });

  it('lists and shows an answer that is kept longer than there are dates', async () => {
    await using cli = await createCli();
    await writeFile(join(cli.home, 'config.toml'), '[cache]\nttlMs = 9_007_199_254_740_000\n');
    await cli.run('generate', 'For good');
    const listed = await cli.run('cache', 'list');
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('never') });
    const key = String((await entriesOf(cli))[0]?.key);
    const shown = await cli.run('cache', 'show', key);
    expect(shown).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/stored \d{4}\S+ \S+, expires never/),
    });
    expect(await cli.json('cache', 'show', key)).toMatchObject({ code: 0, value: { key } });
  });

  it('clears all, a project, a namespace or what is old, and only what is said', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    await cli.run('generate', 'One');
    const { id } = (await cli.json('init', '-n', 'Mine', '-d', 'x')).value;
    await cli.run('run-stage', '-s', '1', '-p', String(id));
    expect(await entriesOf(cli)).toHaveLength(2);
    for (const args of [[], ['--all', '--namespace', 'n'], ['--older-than', 'long']])
      expect((await cli.json('cache', 'clear', ...args)).code).toBe(2);
    expect((await cli.json('cache', 'clear', '--namespace', 'n')).value).toEqual({ removed: 0 });
    expect((await cli.json('cache', 'clear', '--older-than', '1d')).value).toEqual({ removed: 0 });
    expect((await cli.json('clear-cache', '-p', String(id).slice(0, 6))).value).toEqual({ removed: 1 });
    await cli.run('init', '-n', 'Minute', '-d', 'x');
    // It says of which project it is not clear whether it is meant.
    expect(await cli.json('clear-cache', '-p', 'min')).toMatchObject({
      code: 2,
      value: { error: { code: 'STORE_PROJECT_AMBIGUOUS' } },
    });
    expect((await cli.json('clear-cache', '-p', 'gone-123456')).value).toEqual({ removed: 0 });
    expect((await entriesOf(cli)).flatMap(({ tags }) => tags)).not.toContain(`project:${String(id)}`);
    expect((await cli.json('cache', 'clear', '--older-than', '0s')).value).toEqual({ removed: 1 });
    await cli.run('generate', 'One');
    expect((await cli.json('clear-cache', '--all')).value).toEqual({ removed: 1 });
    expect(await entriesOf(cli)).toEqual([]);
  });

  it('explains a request: hit or miss, and in which fields the nearest differs', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    await cli.run('generate', 'Why is the sky blue?', '-m', 'm', '--temperature', '0');
    const asked = simulator.requests()[0]?.body as Record<string, unknown>;
    const file = join(cli.home, 'request.json');
    await writeFile(file, JSON.stringify({ ...asked, stream: false }));
    const requests = simulator.stats().requests;
    const hit = await cli.json('cache', 'explain', file);
    expect(hit).toMatchObject({ code: 0, value: { surface: 'chat', model: 'm', stored: { status: 'hit' } } });
    await writeFile(file, JSON.stringify({ ...asked, temperature: 1 }));
    const miss = await cli.run('cache', 'explain', file);
    expect(miss.stdout).toContain('miss');
    expect(miss.stdout).toContain('temperature differs');
    const against = await cli.json('cache', 'explain', file, '--against', String(hit.value.key).slice(0, 10));
    expect(against.value).toMatchObject({
      comparison: { differences: [{ path: 'temperature', changesKey: true }] },
    });
    expect((await cli.start(['cache', 'explain', '-'], JSON.stringify(asked)).finish).code).toBe(0);
    expect((await cli.start(['cache', 'explain', '-', '--no-input'], '{}').finish).stderr).toContain(
      'There is no request',
    );
    expect((await cli.run('cache', 'explain', 'none.json')).code).toBe(3);
    await writeFile(file, 'no json');
    expect((await cli.json('cache', 'explain', file)).code).toBe(2);
    expect(simulator.stats().requests).toBe(requests);
  });

  it('exports cassettes that answer elsewhere, and tells of files that are none', async () => {
    await using simulator = await createSimulator();
    const environment = {
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
      OPENAI_API_KEY: 'sk-very-secret-key-000',
    };
    await using cli = await createCli(environment);
    await writeFile(join(cli.home, 'config.toml'), 'model = "m"\n[cache]\nkeepRequests = true\n');
    const { value } = await cli.json('generate', 'To be exported');
    const dir = join(cli.home, 'tapes');
    const exported = await cli.json('cache', 'export', dir);
    expect(exported).toMatchObject({ code: 0, value: { dir, problems: [] } });
    const [file = ''] = await readdir(dir);
    expect(exported.value.files).toEqual([file]);
    expect(await readFile(join(dir, file), 'utf8')).not.toContain('sk-very-secret');
    await using other = await createCli(environment);
    expect((await other.run('cache', 'import', dir)).stdout).toBe(`1 read from ${dir}\n`);
    const replayed = await other.json('generate', 'To be exported', '-m', 'm', '--offline');
    expect(replayed.value).toMatchObject({ cache: 'hit', text: value.text });
    await writeFile(join(dir, file), '{"damaged');
    expect(await other.json('cache', 'import', dir)).toMatchObject({
      code: 1,
      value: { files: [], problems: [{ name: file, code: 'AI_CASSETTE_INVALID' }] },
    });
    expect((await other.json('cache', 'import', join(dir, 'none'))).code).toBe(3);
    expect(await cli.json('cache', 'export', join(dir, file))).toMatchObject({
      code: 1,
      value: { error: { code: 'AI_CASSETTES_UNAVAILABLE' } },
    });
  });

  it('has no limit to show for a tier without one', async () => {
    await using cli = await createCli({ ...nobody, REDIS_URL: 'redis://127.0.0.1:9' });
    const { stdout } = await cli.run('cache', 'stats');
    expect(stdout).toMatch(/^redis +\S+ +0 +0\.0 +none$/m);
    expect(stdout).not.toContain('Infinity');
  });

  it('needs no key and no provider', async () => {
    await using cli = await createCli(nobody);
    for (const args of [['stats'], ['list'], ['clear', '--all'], ['export', 'tapes']])
      expect((await cli.run('cache', ...args)).code).toBe(0);
  });

  it.each([[['cache', 'list']], [['cache', 'clear', '--all']], [['reset', '--all', '--yes']]])(
    'is not said to be empty or cleared when it cannot be used: %j',
    async (args) => {
      await using cli = await createCli(nobody);
      await writeFile(join(cli.home, 'cache'), 'A file where its folder should be.');
      const { code, value } = await cli.json(...args);
      expect(code).toBe(1);
      expect(value).toMatchObject({ error: { message: expect.stringContaining(join(cli.home, 'cache')) } });
      expect((await cli.run(...args)).stdout).toBe('');
    },
  );

  it('keeps nothing when it is switched off', async () => {
    await using cli = await createCli({ CACHE_ENABLED: 'false' });
    for (let round = 0; round < 2; round += 1)
      expect((await cli.json('generate', 'Twice')).value).toMatchObject({ cache: 'miss' });
  });
});
