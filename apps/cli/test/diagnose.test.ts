import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { type Cli, createCli } from './support/cli.js';

interface Check {
  readonly name: string;
  readonly status: string;
  readonly detail: string;
  readonly remedy?: string;
}

/** What is wrong, by name. Each such line has a remedy. */
async function findings(cli: Cli): Promise<readonly Check[]> {
  const { code, value } = await cli.json('diagnose');
  const checks = value.checks as readonly Check[];
  const failed = checks.some(({ status }) => status === 'failure');
  expect(code).toBe(failed ? 1 : 0);
  expect(value.healthy).toBe(!failed);
  const found = checks.filter(({ status, name }) => status !== 'ok' && name !== 'provider simulator');
  for (const { remedy } of found) expect(remedy).toMatch(/\w/);
  return found;
}

describe('diagnose', () => {
  it('finds a bad key; the remedy is another key', async () => {
    await using simulator = await createSimulator({ apiKeys: ['sk-right-key-000000000'] });
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    await cli.start(['config', 'set', 'openai.apiKey'], 'sk-wrong-key-111111111').finish;
    const [found] = await findings(cli);
    expect(found).toMatchObject({ name: 'provider openai-compatible', status: 'failure' });
    expect(found?.remedy).toContain('ai-toolkit config set openai.apiKey');
    const { stdout, stderr } = await cli.run('diagnose', '--json', '--verbose');
    expect(stdout + stderr).not.toContain('sk-wrong');
    await cli.start(['config', 'set', 'openai.apiKey'], 'sk-right-key-000000000').finish;
    expect(await findings(cli)).toEqual([]);
  });

  it('finds a bad token; the remedy is another token', async () => {
    await using simulator = await createSimulator({ apiKeys: ['right-token-000000000'] });
    await using cli = await createCli({ ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl });
    await cli.start(['config', 'set', 'anthropic.authToken'], 'wrong-token-111111111').finish;
    const [found] = await findings(cli);
    expect(found).toMatchObject({ name: 'provider anthropic', status: 'failure' });
    expect(found?.remedy).toContain('ai-toolkit config set anthropic.authToken');
    await cli.start(['config', 'set', 'anthropic.authToken'], 'right-token-000000000').finish;
    expect(await findings(cli)).toEqual([]);
    const { stdout } = await cli.run('config', 'list');
    expect(stdout).toContain('anthropic.authToken');
    expect(stdout).not.toContain('right-token');
  });

  it('finds a provider that cannot be reached; the remedy is its right address', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli();
    await cli.run('config', 'set', 'openai.baseUrl', 'http://127.0.0.1:9/v1');
    const [found] = await findings(cli);
    expect(found).toMatchObject({ name: 'provider openai-compatible', status: 'failure' });
    expect(found?.remedy).toContain('config set openai.baseUrl');
    await cli.run('config', 'set', 'openai.baseUrl', simulator.openaiBaseUrl);
    expect(await findings(cli)).toEqual([]);
  });

  it('finds an address of Ollama that is none; the remedy is one that could be', async () => {
    await using cli = await createCli({ OLLAMA_HOST: '::::' });
    const found = await findings(cli);
    expect(found.find(({ name }) => name === 'providers')).toMatchObject({
      status: 'failure',
      detail: expect.stringContaining('OLLAMA_HOST'),
      remedy: 'Set OLLAMA_HOST to a URL such as http://127.0.0.1:11434.',
    });
  });

  it('finds a home that cannot be written; the remedy is another one, or permissions', async () => {
    await using place = await createCli();
    await writeFile(join(place.home, 'file'), '', { mode: 0o755 });
    await using cli = await createCli({ AI_TOOLKIT_HOME: join(place.home, 'file') });
    const found = await findings(cli);
    expect(found.filter(({ status }) => status === 'failure').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['configuration folder', 'cache folder', 'ledger folder', 'projects folder']),
    );
    expect(found[0]?.remedy).toContain('set AI_TOOLKIT_HOME');
    await using elsewhere = await createCli();
    expect(await findings(elsewhere)).toEqual([]);
    // Nothing is refused to root.
    if (process.getuid?.() === 0) return;
    await using closed = await createCli();
    await chmod(closed.home, 0o500);
    const [first] = await findings(closed);
    expect(first?.remedy).toContain('chmod u+rwx');
    await chmod(closed.home, 0o700);
    expect(await findings(closed)).toEqual([]);
  });

  it('finds a pipeline of a project that cannot be used; the remedy is to correct it', async () => {
    await using cli = await createCli();
    await cli.run('init', '-n', 'Tide Clock', '-d', 'A wall clock');
    const file = join(cli.home, 'projects', 'tide-clock', 'pipeline.toml');
    await writeFile(file, '[[stages]]\nnumber = 1\nneedz = []\n');
    const [found] = await findings(cli);
    expect(found).toMatchObject({
      name: 'pipeline',
      status: 'failure',
      detail: expect.stringContaining(file),
    });
    expect(found?.remedy).toContain('remove');
    await rm(file);
    expect(await findings(cli)).toEqual([]);
  });

  it('finds a damaged cache, sets it aside and goes on', async () => {
    await using cli = await createCli();
    await cli.run('generate', 'Stored');
    const folder = join(cli.home, 'cache', 'answers');
    const file = (await readdir(folder)).find((name) => /mdb$/.test(name)) ?? '';
    await writeFile(join(folder, file), Buffer.alloc(100_000, 7));
    const [found] = await findings(cli);
    expect(found).toMatchObject({ name: 'disk cache', status: 'warning' });
    expect(await findings(cli)).toEqual([]);
    expect((await cli.json('generate', 'Stored')).value).toMatchObject({ cache: 'miss' });
    expect((await cli.json('generate', 'Stored')).value).toMatchObject({ cache: 'hit' });
  });

  it('finds a Redis that cannot be reached; the remedy is to start it, or its right URL', async () => {
    await using cli = await createCli({ REDIS_URL: 'redis://me:very-secret@127.0.0.1:9/1' });
    const [found] = await findings(cli);
    expect(found).toMatchObject({ name: 'redis cache', status: 'warning' });
    expect(found?.detail).toContain('redis://me:********@127.0.0.1:9/1');
    expect(found?.remedy).toMatch(/redis\.url/);
    expect(found?.remedy).not.toContain('folder');
    const listed = await cli.run('cache', 'list');
    expect(listed.code).toBe(1);
    expect(listed.stderr).toContain('The redis cache cannot be used (redis://me:********@127.0.0.1:9/1).');
    expect(JSON.stringify([found, listed])).not.toContain('very-secret');
  });

  it('finds a damaged project; the remedy is its file from a backup', async () => {
    await using cli = await createCli();
    const { path } = (await cli.json('init', '-n', 'Broken', '-d', 'x')).value;
    const file = join(String(path), 'project.json');
    const backup = await readFile(file, 'utf8');
    await writeFile(file, '{');
    const [found] = await findings(cli);
    expect(found).toMatchObject({ name: 'project', status: 'failure' });
    expect(found?.remedy).toContain('project.json');
    await writeFile(file, backup);
    expect(await findings(cli)).toEqual([]);
  });

  it('finds a broken template; the remedy is to reset or to correct it', async () => {
    await using cli = await createCli();
    const folder = join(cli.home, 'templates');
    await mkdir(folder);
    for (const text of ['{{#if project}', '{{project.nmae}}']) {
      await writeFile(join(folder, 'initial-plan.hbs'), text);
      const [found] = await findings(cli);
      expect(found).toMatchObject({ name: 'template', status: 'failure' });
      expect(found?.detail).toContain('initial-plan');
      expect(found?.remedy).toContain('templates reset initial-plan');
      await cli.run('templates', 'reset', 'initial-plan', '--yes');
      expect(await findings(cli)).toEqual([]);
    }
    await writeFile(join(folder, 'initial-plan.hbs'), 'Plan {{project.name}}');
    expect(await findings(cli)).toEqual([]);
  });

  it('finds an invalid configuration, and still looks at the folders; the remedy is to remove the setting', async () => {
    await using cli = await createCli();
    await writeFile(join(cli.home, 'config.toml'), '[openai]\napiKey = ["sk-in-a-list-000000"]\n');
    const [found] = await findings(cli);
    expect(found).toMatchObject({ name: 'configuration', status: 'failure' });
    expect(found?.detail).toContain('openai.apiKey');
    expect(found?.remedy).toContain('config unset');
    expect((await cli.run('diagnose', '--json')).stdout).not.toContain('sk-in-a-list');
    expect((await cli.run('diagnose')).stdout).toContain('cache folder');
    await cli.run('config', 'unset', 'openai.apiKey');
    expect(await findings(cli)).toEqual([]);
  });

  it('finds a clock that is off, by what a provider says; the remedy is to set it', async () => {
    let offMs = -3_600_000;
    await using server = createServer((_request, response) => {
      response.setHeader('date', new Date(Date.now() + offMs).toUTCString());
      response.end('{"data":[{"id":"m"}]}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    await using cli = await createCli({ OPENAI_BASE_URL: url });
    const [found] = await findings(cli);
    expect(found).toMatchObject({ name: 'clock', status: 'failure' });
    expect(found?.detail).toMatch(/^It is (3599|3600|3601) s ahead of/);
    expect(found?.remedy).toContain('timedatectl');
    offMs = 0;
    expect(await findings(cli)).toEqual([]);
  });
});
