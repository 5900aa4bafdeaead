import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { createCli } from './support/cli.js';

describe('models', () => {
  it('lists what the providers offer, or one of them', async () => {
    await using one = await createSimulator({ models: ['house-model'] });
    await using two = await createSimulator({ models: ['claude-x'] });
    await using cli = await createCli({
      OPENAI_BASE_URL: one.openaiBaseUrl,
      ANTHROPIC_BASE_URL: two.anthropicBaseUrl,
    });
    expect((await cli.run('models', '--provider', 'openai-compatible')).stdout).toBe(
      'house-model  openai-compatible\n',
    );
    expect(await cli.json('models', '--provider', 'nobody')).toMatchObject({
      code: 3,
      value: { error: { code: 'CONFIG_NO_PROVIDER', hint: expect.stringContaining('openai-compatible') } },
    });
    await one.close();
    expect(await cli.json('models')).toMatchObject({ code: 5, value: { error: { code: 'AI_UNREACHABLE' } } });
  });
});

describe('limits', () => {
  it('shows what the configuration allows while no server counts', async () => {
    await using cli = await createCli({ REQUESTS_PER_MINUTE: '30', AI_TOOLKIT_PORT: '9' });
    const { code, stdout, stderr } = await cli.run('limits');
    expect(code).toBe(0);
    expect(stdout).toContain('requests per minute: 30');
    expect(stderr).toContain('no server answers');
    expect((await cli.json('limits')).value).toMatchObject({
      source: 'process',
      configured: { requestsPerMinute: 30 },
    });
  });

  it('shows what a server counts', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
      REQUESTS_PER_MINUTE: '30',
    });
    const { child, finish } = cli.start(['serve', '--port', '0']);
    const url = await new Promise<string>((resolve) => {
      child.stdout?.on('data', (chunk: Buffer) => resolve(/http:\S+/.exec(chunk.toString())?.[0] ?? ''));
    });
    const asked = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Count me' }] }),
    });
    expect(asked.status).toBe(200);
    await asked.text();
    await using reader = await createCli({ AI_TOOLKIT_PORT: new URL(url).port });
    const { value } = await reader.json('limits');
    expect(value).toMatchObject({ source: 'server' });
    const [key = ''] = Object.keys(value.keys as object);
    expect(value.keys).toMatchObject({ [key]: { limits: { requestsPerMinute: { limit: 30 } } } });
    const { stdout } = await reader.run('limits');
    expect(stdout).toContain(key);
    expect(stdout).toContain('closed');
    child.kill('SIGTERM');
    await finish;
  });
});

describe('serve', () => {
  it('tells where it serves as a document, and why it does not', async () => {
    await using cli = await createCli();
    const { child, finish } = cli.start(['serve', '--port', '0', '--json']);
    await once(child.stdout ?? child, 'data');
    child.kill('SIGTERM');
    const { code, stdout } = await finish;
    expect(code).toBe(0);
    const { url, providers } = JSON.parse(stdout) as { url: string; providers: unknown[] };
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(providers).toMatchObject([{ name: 'simulator', reason: expect.any(String) }]);
    await using busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    expect(await cli.json('serve', '--port', String(port))).toMatchObject({
      code: 1,
      value: {
        error: {
          code: 'EADDRINUSE',
          message: expect.stringContaining('Another program has the port'),
          exitCode: 1,
        },
      },
    });
  });

  it('refuses a configuration that can be read only once', async () => {
    await using cli = await createCli();
    const { code, stdout } = await cli.shell(
      `echo 'model = "m"' | ait serve --port 0 --json --config /dev/stdin`,
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'CONFIG_UNREADABLE', hint: expect.stringContaining('file') },
    });
  });

  it.each([
    [3, ['--config', 'none.toml']],
    [3, ['--profile', 'none']],
    [2, ['--port', '65536']],
  ])('exits with %i for %j, as every command', async (exitCode, flags) => {
    await using cli = await createCli();
    expect(await cli.json('serve', ...flags)).toMatchObject({
      code: exitCode,
      value: { error: { exitCode } },
    });
  });
});

describe('usage', () => {
  it('is no success when what was counted is lost, and says where it is', async () => {
    await using cli = await createCli();
    await cli.run('generate', 'Counted');
    await writeFile(join(cli.home, 'usage', 'ledger.sqlite'), 'no database');
    const { code, stderr } = await cli.run('usage');
    expect(code).toBe(1);
    expect(stderr).toMatch(/incomplete.*was damaged; it was moved to \S+ledger\.sqlite\.damaged-/);
    // A new one was begun.
    expect(await cli.json('usage')).toMatchObject({ code: 0, value: { totals: { calls: 0 } } });
  });

  it('says as a document why it is incomplete, as cache stats does', async () => {
    await using cli = await createCli();
    await mkdir(join(cli.home, 'usage', 'ledger.sqlite'), { recursive: true });
    expect(await cli.json('usage')).toMatchObject({
      code: 1,
      value: {
        totals: { calls: 0 },
        error: {
          code: 'USAGE_LEDGER_UNAVAILABLE',
          message: expect.any(String),
          hint: expect.any(String),
          exitCode: 1,
        },
      },
    });
    expect(await cli.json('cache', 'stats')).toMatchObject({ code: 0, value: { incomplete: true } });
    expect((await cli.run('cache', 'stats')).stderr).toContain('incomplete');
    await using fine = await createCli();
    expect((await fine.json('cache', 'stats')).value).toMatchObject({ incomplete: false });
    expect((await fine.json('usage')).value).not.toHaveProperty('error');
  });

  it('counts what was billed, replayed and saved, by model, project, day or tenant', async () => {
    await using cli = await createCli();
    expect((await cli.json('usage')).value).toMatchObject({ totals: { calls: 0 }, groups: [] });
    await cli.run('generate', 'Counted');
    await cli.run('generate', 'Counted');
    const { value } = await cli.json('usage', '--by', 'model', '--since', '1h');
    expect(value).toMatchObject({
      totals: { calls: 2, hitRate: 0.5 },
      groups: [{ name: 'simulated-1', outcomes: { hit: 1, miss: 1 } }],
    });
    for (const by of ['project', 'day', 'tenant'])
      expect((await cli.json('usage-stats', '--by', by)).value).toMatchObject({ by, totals: { calls: 2 } });
    for (const when of ['30000d', '1969-12-31'])
      expect((await cli.json('usage', '--since', when)).value).toMatchObject({ totals: { calls: 2 } });
    const { stdout } = await cli.run('usage', '--by', 'day');
    expect(stdout).toContain(new Date().toISOString().slice(0, 4));
    expect(stdout).toContain('50.0 %');
    for (const args of [
      ['--by', 'colour'],
      ['--since', 'ever'],
      ['--since', '2026-13-40'],
    ])
      expect((await cli.json('usage', ...args)).code).toBe(2);
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish', 'powershell'])('has a script for %s', async (shell) => {
    await using cli = await createCli();
    const { code, stdout } = await cli.run('completion', shell);
    expect(code).toBe(0);
    expect(stdout).toContain('__complete');
    if (spawnSync(shell, ['--version']).status !== 0 || shell === 'powershell') return;
    const file = join(cli.home, 'completion');
    await writeFile(file, stdout);
    const check = spawnSync(shell, ['-n', file]);
    expect(check.stderr.toString()).toBe('');
    expect(check.status).toBe(0);
  });

  it('refuses other shells', async () => {
    await using cli = await createCli();
    expect((await cli.json('completion', 'tcsh')).code).toBe(2);
  });

  it('knows commands, options, projects, stages, templates, models, settings and files', async () => {
    await using simulator = await createSimulator({ models: ['house-model'] });
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const { id } = (await cli.json('init', '-n', 'Tide Clock', '-d', 'x')).value;
    const complete = async (...words: string[]): Promise<string[]> => {
      const { code, stdout } = await cli.run('__complete', '--', ...words);
      expect(code).toBe(0);
      return stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
    };
    expect(await complete('gen')).toEqual(['generate', '']);
    expect(await complete('cache', 'sh')).toEqual(['show', '']);
    expect(await complete('generate', '--max')).toEqual(['--max-tokens', '']);
    expect(await complete('--profile', 'p', 'generate', '--js')).toEqual(['--json', '']);
    expect(await complete('status', '-p', 'tide')).toEqual([String(id), '']);
    expect(await complete('generate', '-m', '')).toEqual(['house-model', '']);
    expect(await complete('run-stage', '-s', '')).toEqual(['1', '2', '3', '4', '5', '6', '']);
    expect(await complete('run-stage', '--template', 'initial')).toEqual(['initial-plan', '']);
    expect(await complete('config', 'get', 'cache.t')).toEqual(['cache.ttlMs', '']);
    expect(await complete('generate', '-f', '')).toEqual([':files', '']);
    expect(await complete('nothing', 'like', 'this')).toEqual(['']);
  });
});
