import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../src/index.js';
import { createPlace } from './support.js';

describe('loadConfig', () => {
  it('needs nothing', async () => {
    await using place = await createPlace();
    const { config, paths, files } = await place.load();
    expect(config).toMatchObject({ provider: 'auto', server: { host: '127.0.0.1', port: 4000 } });
    expect(config.model).toBeUndefined();
    expect(files).toEqual([]);
    for (const path of Object.values(paths)) expect(path.startsWith(place.path)).toBe(true);
  });

  it('lets flags win over the environment, that over the project file, that over the user file', async () => {
    await using place = await createPlace();
    await place.write(
      'config.toml',
      'model = "user"\n[cache]\nttlMs = 1\ndiskBytes = 2000000\nmemoryBytes = 10\n[server]\nport = 1\n',
    );
    await place.write('ai-toolkit.toml', 'model = "project"\n[cache]\nttlMs = 2\n');
    const { config, files } = await place.load({
      environment: { AI_TOOLKIT_PORT: '2', AI_TOOLKIT_HOST: '127.0.0.2' },
      flags: { server: { port: 3 } },
    });
    expect(config).toMatchObject({
      model: 'project',
      cache: { ttlMs: 2, diskBytes: 2_000_000 },
      server: { host: '127.0.0.2', port: 3 },
    });
    expect(files).toEqual([join(place.path, 'ai-toolkit.toml'), join(place.path, 'config.toml')]);
  });

  it('takes a 0 for a 0, and an empty variable for none', async () => {
    await using place = await createPlace();
    const { config } = await place.load({
      flags: { cache: { ttlMs: 0 } },
      environment: { OPENAI_API_KEY: '  ', AI_TOOLKIT_PORT: '0' },
    });
    expect(config.cache.ttlMs).toBe(0);
    expect(config.server.port).toBe(0);
    expect(config.openai.apiKey).toBeUndefined();
  });

  it.each([
    ['config.toml', 'modell = "x"\n', {}, /config\.toml: modell/],
    ['config.toml', '[cache]\nttlMs = -1\n', {}, /config\.toml: cache\.ttlMs/],
    [
      'config.toml',
      '[cache]\nttl = true\n',
      {},
      /config\.toml: cache\.ttlMs: must be a number, not true or false/,
    ],
    ['config.toml', 'provider = "open"\n', {}, /provider: must be one of auto, openai/],
    ['config.toml', '[server]\nport = 1.5\n', {}, /server\.port: must be a whole number/],
    ['config.toml', '[server]\nadminKey = "short"\n', {}, /adminKey: must have 20 characters or more/],
    [
      'config.toml',
      '[profiles.a]\nmodel = 3\n',
      { AI_TOOLKIT_PROFILE: 'a' },
      /profiles\.a: model: must be a string/,
    ],
    ['config.toml', '[cache\n', {}, /config\.toml, line 1/],
    ['config.toml', '', { AI_TOOLKIT_PORT: '70000' }, /AI_TOOLKIT_PORT/],
    ['config.toml', '', { ANTHROPIC_BASE_URL: 'ftp://x' }, /ANTHROPIC_BASE_URL/],
    ['ai-toolkit.toml', '[openai]\napiKey = "stolen"\n', {}, /"openai" cannot be set/],
    ['ai-toolkit.toml', '[server]\nhost = "0.0.0.0"\n', {}, /"server" cannot be set/],
  ])('says where the mistake is: %s %j %j', async (file, text, environment, said) => {
    await using place = await createPlace();
    await place.write(file, text);
    const error = await place.load({ environment }).catch((thrown: unknown) => thrown);
    expect(ConfigError.isInstance(error) && error.code).toBe('CONFIG_INVALID');
    expect(error).toMatchObject({ message: expect.stringMatching(said), hint: expect.any(String) });
  });

  it('shows no secret in an error', async () => {
    await using place = await createPlace();
    await place.write('config.toml', '[openai]\napiKey = ["sk-secret"]\n');
    await expect(place.load()).rejects.toThrow(/openai\.apiKey/);
    await expect(place.load()).rejects.not.toThrow(/sk-secret/);
  });

  it('wants a file that is named to be there', async () => {
    await using place = await createPlace();
    await expect(place.load({ configFile: join(place.path, 'none.toml') })).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
    });
  });

  it('knows a folder of projects wherever it is called: beside the file, in the home of ~, or as it is', async () => {
    await using place = await createPlace();
    const folderOf = async (folder: string): Promise<string> => {
      await place.write('config.toml', `[projects]\nfolder = ${JSON.stringify(folder)}\n`);
      return (await place.load({ directory: tmpdir() })).paths.projects;
    };
    expect(await folderOf('plans')).toBe(join(place.path, 'plans'));
    expect(await folderOf('~/plans')).toBe(join(homedir(), 'plans'));
    expect(await folderOf('/plans/~')).toBe('/plans/~');
    await place.write('config.toml', '[profiles.work.projects]\nfolder = "work"\n');
    expect((await place.load({ profile: 'work' })).paths.projects).toBe(join(place.path, 'work'));
    const { paths } = await place.load({ environment: { AI_TOOLKIT_HOME: '~/kit', PROJECTS_DIR: 'here' } });
    expect(paths).toMatchObject({
      projects: join(process.cwd(), 'here'),
      cache: join(homedir(), 'kit', 'cache', 'answers'),
    });
  });

  it('uses the XDG folders without AI_TOOLKIT_HOME, and ignores relative ones', async () => {
    const { paths } = await loadConfig({
      directory: tmpdir(),
      environment: {
        XDG_CONFIG_HOME: '/c',
        XDG_CACHE_HOME: '/k',
        XDG_DATA_HOME: '/d',
        XDG_STATE_HOME: 'relative',
      },
    });
    expect(paths).toMatchObject({
      configFile: '/c/ai-toolkit/config.toml',
      cache: '/k/ai-toolkit/answers',
      projects: '/d/ai-toolkit/projects',
      ledger: '/d/ai-toolkit/usage/ledger.sqlite',
      state: expect.stringMatching(/\/\.local\/state\/ai-toolkit$/),
    });
  });
});
