import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCli } from './support/cli.js';

const secret = 'sk-0123456789abcdefghijKLMN';

describe('config', () => {
  it('takes a key from stdin, and shows it masked everywhere', async () => {
    await using cli = await createCli();
    const set = await cli.start(['config', 'set', 'openai.apiKey'], `${secret}\n`).finish;
    expect(set).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('is set') });
    const file = join(cli.home, 'config.toml');
    expect(await readFile(file, 'utf8')).toBe(`[openai]\napiKey = "${secret}"\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const said = await Promise.all([
      cli.run('config', 'list'),
      cli.run('config', 'list', '--json'),
      cli.run('config', 'get', 'openai.apiKey'),
      cli.run('config', 'get', 'openai.apiKey', '--json', '--verbose'),
      cli.run('config', 'validate', '--json', '--verbose'),
    ]);
    for (const { code, stdout, stderr } of said) {
      expect(code).toBe(0);
      expect(stdout + stderr).not.toContain(secret.slice(0, 12));
    }
    expect(said[2]?.stdout).toBe('********KLMN\n');
  });

  it('refuses a key as an argument, with a way that nobody can see', async () => {
    await using cli = await createCli();
    const refused = await cli.run('config', 'set', 'openai.apiKey', secret);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('on stdin');
    expect(refused.stderr).not.toContain(secret);
    expect((await cli.run('config', 'set', 'redis.url', 'redis://u:pass@127.0.0.1:6379')).code).toBe(2);
    expect((await cli.run('config', 'set', 'redis.url', 'redis://127.0.0.1:6379')).code).toBe(0);
    expect((await cli.run('config', 'set', 'model', '--no-input')).code).toBe(2);
    expect((await cli.start(['config', 'set', 'model'], '').finish).code).toBe(2);
  });

  it('sets, gets and removes values, and leaves comments', async () => {
    await using cli = await createCli();
    const file = join(cli.home, 'config.toml');
    await writeFile(file, '# mine\nmodel = "a" # for now\n');
    expect((await cli.run('config', 'set', 'model', 'b')).code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe('# mine\nmodel = "b" # for now\n');
    expect((await cli.json('config', 'get', 'model')).value).toMatchObject({
      path: 'model',
      value: 'b',
      source: file,
    });
    expect((await cli.run('config', 'get', 'server.port')).stdout).toBe('4000\n');
    expect((await cli.run('config', 'unset', 'model')).code).toBe(0);
    expect(await cli.json('config', 'get', 'model')).toMatchObject({
      code: 3,
      value: { error: { code: 'CONFIG_SETTING_UNSET' } },
    });
    expect(await cli.json('config', 'get', 'modle')).toMatchObject({
      code: 2,
      value: { error: { code: 'CONFIG_SETTING_UNKNOWN', hint: 'Did you mean model?' } },
    });
    expect((await cli.json('config', 'set', 'server.port', '99999')).code).toBe(1);
  });

  it('says so when comments are lost because the file had to be rewritten', async () => {
    await using cli = await createCli();
    const text = '# mine\n[openai]\napi_key = "k"\n[[routes]]\nmodel = "fast"\ntargets = [{ model = "m" }]\n';
    for (const args of [
      ['set', 'routes', '[{"model":"quick","targets":[{"model":"m"}]}]'],
      ['unset', 'routes'],
    ]) {
      await writeFile(join(cli.home, 'config.toml'), text);
      expect(await cli.run('config', ...args)).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('comments were dropped'),
      });
    }
    await writeFile(join(cli.home, 'config.toml'), text);
    expect((await cli.run('config', 'validate', '--fix')).stderr).not.toContain('comments');
  });

  it('keeps every setting of several that are set at once, though the clocks of their processes disagree', async () => {
    await using cli = await createCli();
    const file = join(cli.home, 'config.toml');
    const settings = { model: 'm', 'server.port': '4100', 'cache.ttlMs': '5000', 'server.drainMs': '7000' };
    for (let round = 0; round < 3; round += 1) {
      await rm(file, { force: true });
      const ended = Object.entries(settings).map(async ([name, value], n) => {
        const off = ((n % 3) - 1) * 24 * 3_600_000;
        const wrongClock = `data:text/javascript,const { now } = Date; Date.now = () => now() + ${off}`;
        const { finish } = cli.start(['config', 'set', name, value], undefined, {
          NODE_OPTIONS: `--import=${encodeURI(wrongClock)}`,
        });
        return (await finish).code;
      });
      expect(await Promise.all(ended)).toEqual(ended.map(() => 0));
      const { value } = await cli.json('config', 'list');
      expect(value.settings).toEqual(
        expect.arrayContaining(
          Object.entries(settings).map(([path, text]) =>
            expect.objectContaining({ path, source: file, value: path === 'model' ? text : Number(text) }),
          ),
        ),
      );
    }
    expect((await readdir(cli.home)).filter((name) => name.startsWith('config'))).toEqual(['config.toml']);
  });

  it('knows profiles', async () => {
    await using cli = await createCli();
    await cli.run('--profile', 'work', 'config', 'set', 'model', 'at-work');
    await cli.run('config', 'set', 'model', 'at-home');
    expect((await cli.run('config', 'get', 'model')).stdout).toBe('at-home\n');
    expect((await cli.run('config', 'get', 'model', '--profile', 'work')).stdout).toBe('at-work\n');
    expect(await cli.json('list', '--profile', 'wrok')).toMatchObject({
      code: 3,
      value: { error: { code: 'CONFIG_PROFILE_UNKNOWN', hint: expect.stringContaining('work') } },
    });
  });

  it('reads older names with a notice, and writes them anew when asked', async () => {
    await using cli = await createCli({ OPENAI_MODEL: 'older' });
    const { stdout, stderr } = await cli.run('config', 'get', 'model');
    expect(stdout).toBe('older\n');
    expect(stderr).toContain('OPENAI_MODEL is read as model');
    expect((await cli.run('config', 'get', 'model', '--quiet')).stderr).toBe('');
    const file = join(cli.home, 'config.toml');
    await writeFile(file, '[openai]\napi_key = "k" # mine\n');
    expect((await cli.run('list')).stderr).toContain('openai.api_key is read as openai.apiKey');
    expect((await cli.json('config', 'validate')).value).toMatchObject({
      valid: true,
      olderNames: [{ name: 'openai.api_key', setting: 'openai.apiKey' }],
    });
    const fixed = await cli.json('config', 'validate', '--fix');
    expect(fixed.value).toMatchObject({ fixed: [{ setting: 'openai.apiKey' }], olderNames: [] });
    expect(await readFile(file, 'utf8')).toContain('apiKey = "k"');
  });

  it('works while the configuration does not, and helps to mend it', async () => {
    await using cli = await createCli();
    const file = join(cli.home, 'config.toml');
    await writeFile(file, '[server]\nport = "many"\n');
    expect(await cli.json('config', 'validate')).toMatchObject({
      code: 1,
      value: { error: { code: 'CONFIG_INVALID', message: expect.stringContaining('server.port') } },
    });
    expect((await cli.run('config', 'path')).stdout).toBe(`${file}\n`);
    expect((await cli.run('config', 'unset', 'server.port')).code).toBe(0);
    expect((await cli.run('config', 'validate')).code).toBe(0);
  });

  it('opens the editor, and says what is wrong behind it', async () => {
    await using cli = await createCli({ EDITOR: `sh -c 'printf "model = 3" > "$0"'` });
    const { code, stderr } = await cli.run('config', 'edit');
    expect(code).toBe(1);
    expect(stderr).toContain('model: must be a string');
    await using fine = await createCli({ EDITOR: 'true' });
    expect((await fine.run('config', 'edit')).code).toBe(0);
    expect((await stat(join(fine.home, 'config.toml'))).mode & 0o777).toBe(0o600);
    await using broken = await createCli({ EDITOR: 'false' });
    expect((await broken.run('config', 'edit')).stderr).toContain('EDITOR');
    await using removing = await createCli({ EDITOR: 'rm' });
    expect(await removing.json('config', 'edit')).toMatchObject({
      code: 1,
      value: { error: { message: expect.stringContaining('(rm)'), hint: expect.stringContaining('EDITOR') } },
    });
  });

  it.each([{}, { VISUAL: ' ' }])('needs an editor where there is no terminal: %j', async (environment) => {
    await using cli = await createCli(environment);
    expect(await cli.json('config', 'edit')).toMatchObject({
      code: 2,
      value: { error: { code: 'USAGE', message: expect.stringContaining('EDITOR') } },
    });
    expect((await cli.json('config', 'path')).value).toMatchObject({ exists: false });
    await using blank = await createCli({ ...environment, EDITOR: 'true' });
    expect((await blank.run('config', 'edit')).code).toBe(0);
  });

  it('is reset only when that is said', async () => {
    await using cli = await createCli();
    await cli.run('config', 'set', 'model', 'b');
    expect(await cli.json('config', 'reset')).toMatchObject({ code: 2, value: { error: { code: 'USAGE' } } });
    expect((await cli.run('config', 'reset', '--yes')).code).toBe(0);
    expect((await cli.json('config', 'path')).value).toMatchObject({ exists: false });
  });

  it('names the subcommands where nobody can be asked', async () => {
    await using cli = await createCli();
    const { code, stdout, stderr } = await cli.start(['config'], '').finish;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const name of ['list', 'get', 'set', 'unset', 'path', 'edit', 'validate', 'reset'])
      expect(stderr).toContain(name);
  });
});

describe('reset', () => {
  it('puts configuration, cache and templates back, and leaves projects', async () => {
    await using cli = await createCli();
    await cli.run('config', 'set', 'model', 'gpt-4o');
    await cli.run('generate', 'Kept?');
    const { id } = (await cli.json('init', '-n', 'Stays', '-d', 'x')).value;
    expect(await cli.run('reset')).toMatchObject({ code: 2 });
    expect(await cli.run('reset', '--all')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes'),
    });
    // A configuration that cannot be read is a reason to reset it.
    await writeFile(join(cli.home, 'config.toml'), '[broken');
    expect(await cli.json('reset', '--all', '--yes')).toMatchObject({ code: 0, value: { cache: 'cleared' } });
    expect((await cli.json('cache', 'list')).value).toEqual({ entries: [] });
    expect((await cli.json('config', 'path')).value).toMatchObject({ exists: false });
    expect((await cli.run('status', '-p', String(id))).code).toBe(0);
  });
});
