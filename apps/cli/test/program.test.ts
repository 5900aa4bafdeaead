import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCli } from './support/cli.js';

const manifest = new URL('../package.json', import.meta.url);

describe('program', () => {
  it('tells its version, which is that of the manifest, and its help', async () => {
    await using cli = await createCli();
    const { version } = JSON.parse(await readFile(manifest, 'utf8'));
    expect(await cli.run('--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
    const help = await cli.run('--help');
    expect(help).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Examples:') });
    for (const command of [
      'init',
      'list',
      'status',
      'run-stage',
      'run',
      'generate',
      'serve',
      'cache',
      'diagnose',
    ]) {
      expect(help.stdout).toContain(command);
      expect((await cli.run(command, '--help')).code).toBe(0);
    }
  });

  it('tells them as a document, too', async () => {
    await using cli = await createCli();
    const { version } = JSON.parse(await readFile(manifest, 'utf8'));
    expect(await cli.json('--version')).toEqual({ code: 0, value: { version } });
    for (const args of [['--help'], ['help'], ['run', '--help'], ['cache', 'list', '-h']]) {
      const { code, value } = await cli.json(...args);
      expect({ code, value }).toEqual({ code: 0, value: { help: expect.stringContaining('Examples:') } });
    }
    const missing = { code: 'USAGE', message: 'A command is missing.', hint: 'See ai-toolkit --help.' };
    for (const args of [[], ['cache']])
      expect(await cli.json(...args)).toMatchObject({ code: 2, value: { error: missing } });
  });

  it('needs no key, no provider and no network for what calls nobody', async () => {
    await using cli = await createCli({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' });
    const { id } = (await cli.json('init', '-n', 'Quiet', '-d', 'x')).value;
    for (const args of [['list'], ['status', '-p', String(id)], ['cache', 'stats']]) {
      expect((await cli.run(...args)).code).toBe(0);
    }
  });

  it('comes as far as asking for a newer Node under one that keeps no compiled code', async () => {
    await using cli = await createCli();
    const olderNode =
      "data:text/javascript,import module from 'node:module'; delete module.enableCompileCache";
    const { finish } = cli.start(['config', 'path'], undefined, {
      NODE_OPTIONS: `--import=${encodeURI(olderNode)}`,
    });
    expect(await finish).toMatchObject({ code: 0, stderr: '' });
  });

  it('ends quietly when its reader has seen enough', async () => {
    await using cli = await createCli();
    expect(await cli.shell('ait --help | head -1')).toMatchObject({ code: 0, stderr: '' });
  });

  it('says what is wrong with the configuration, and where', async () => {
    await using cli = await createCli();
    await writeFile(join(cli.home, 'config.toml'), 'model = 3\n');
    const { code, value } = await cli.json('list');
    expect(code).toBe(1);
    expect(value).toMatchObject({
      error: { code: 'CONFIG_INVALID', message: expect.stringContaining('model') },
    });
    await writeFile(join(cli.home, 'config.toml'), 'modle = "x"\n');
    expect((await cli.run('list')).stderr).toContain('config.toml: modle');
    await writeFile(join(cli.home, 'config.toml'), 'model = \n');
    expect((await cli.run('list')).stderr).toContain('line 1');
  });

  it('does not let a file in the current folder send keys elsewhere', async () => {
    await using cli = await createCli();
    await writeFile(join(cli.home, 'ai-toolkit.toml'), '[openai]\nbaseUrl = "http://127.0.0.1:9/v1"\n');
    const { code, stderr } = await cli.run('list');
    expect(code).toBe(1);
    expect(stderr).toContain('cannot be set by a project');
  });

  it('fails clearly in a home that cannot be written, and still answers', async () => {
    await using cli = await createCli();
    await writeFile(join(cli.home, 'file'), '');
    // Linux refuses folders in /proc in a way that the recursion of `mkdir` never gets out of.
    const homes = [join(cli.home, 'file', 'home'), ...(process.platform === 'linux' ? ['/proc/nobody'] : [])];
    for (const home of homes) {
      await using blocked = await createCli({ AI_TOOLKIT_HOME: home });
      const { code, value } = await blocked.json('init', '-n', 'X', '-d', 'x');
      expect(code).toBe(1);
      expect(value).toMatchObject({ error: { code: 'STORE_UNWRITABLE', hint: expect.any(String) } });
      expect((await blocked.run('generate', 'Say hello')).code).toBe(0);
    }
  });

  it('diagnoses what is wrong, with a remedy', async () => {
    await using healthy = await createCli();
    const well = await healthy.json('diagnose');
    expect(well).toMatchObject({ code: 0, value: { healthy: true } });
    await using cli = await createCli({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' });
    const { path } = (await cli.json('init', '-n', 'Broken', '-d', 'x')).value;
    await writeFile(join(String(path), 'project.json'), '{');
    const { code, value } = await cli.json('diagnose');
    expect(code).toBe(1);
    const failures = (value.checks as { name: string; status: string; remedy?: string }[]).filter(
      ({ status }) => status === 'failure',
    );
    expect(failures.map(({ name }) => name)).toEqual(['provider openai-compatible', 'project']);
    expect(failures.every(({ remedy }) => remedy !== undefined)).toBe(true);
  });

  it('serves until it is told to stop', async () => {
    await using cli = await createCli();
    const { child, finish } = cli.start(['serve', '--port', '0']);
    const url = await new Promise<string>((resolve) => {
      child.stdout?.on('data', (chunk: Buffer) => resolve(/http:\S+/.exec(chunk.toString())?.[0] ?? ''));
    });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect((await finish).code).toBe(0);
  });
});
