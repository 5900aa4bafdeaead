import { chmod, readdir, readlink, rename, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import {
  fixConfigFile,
  getSetting,
  listSettings,
  maskSecret,
  reviewConfigFile,
  setSetting,
  unsetSetting,
} from '../../src/config/index.js';
import { createPlace } from './support.js';

const commented = `# About this file

model = "a" # the quick one
prices = { "gpt-4.1" = { inputUsd = 1, outputUsd = 2 } }

# The house's own server
[openai]
# its address
baseUrl = "http://127.0.0.1:9/v1"   # behind the wall, "#1"

[[routes]]
model = "fast"
targets = [
  { provider = "openai" }, # first
]

[server] # end
port = 1
`;

describe('changes of the configuration file', () => {
  it('leave comments and everything else as they are', async () => {
    await using place = await createPlace();
    await place.write('config.toml', commented);
    await setSetting(place, 'model', 'b');
    await setSetting(place, 'openai.baseUrl', 'http://127.0.0.1:10/v1');
    await setSetting(place, 'openai.apiKey', 'sk-"quoted"');
    await setSetting(place, 'server.port', '0');
    await setSetting(place, 'cache.keepRequests', 'true');
    await unsetSetting(place, 'server.port');
    const after = await place.read();
    expect(after).toBe(
      commented
        .replace('"a" #', '"b" #')
        .replace(':9/v1"   #', ':10/v1"   #')
        .replace('"#1"\n', '"#1"\napiKey = "sk-\\"quoted\\""\n')
        .replace('port = 1\n', '')
        .concat('\n[cache]\nkeepRequests = true\n'),
    );
    expect((await place.load()).config).toMatchObject({ model: 'b', server: { port: 4000 } });
  });

  it('keep the line ends of the file', async () => {
    await using place = await createPlace();
    const windows = commented.replaceAll('\n', '\r\n');
    await place.write('config.toml', windows);
    await setSetting(place, 'model', 'b');
    await setSetting(place, 'openai.apiKey', 'k');
    await setSetting(place, 'cache.keepRequests', 'true');
    await unsetSetting(place, 'server.port');
    expect(await place.read()).toBe(
      windows
        .replace('"a" #', '"b" #')
        .replace('"#1"\r\n', '"#1"\r\napiKey = "k"\r\n')
        .replace('port = 1\r\n', '')
        .concat('\r\n[cache]\r\nkeepRequests = true\r\n'),
    );
  });

  it('leave comments beside dotted keys and tables within a line', async () => {
    await using place = await createPlace();
    await place.write(
      'config.toml',
      `# mine
openai.baseUrl = "http://127.0.0.1:9/v1" # proxy
cache = { ttlMs = 3, diskBytes = 5 } # small
anthropic = { apiKey = "a" } # gone

[profiles.work] # at work
openai.baseUrl = "http://127.0.0.1:8/v1" # wall
`,
    );
    const work = { file: place.file, profile: 'work' };
    const changes = [
      await setSetting(place, 'openai.baseUrl', 'http://127.0.0.1:10/v1'),
      await setSetting(place, 'openai.organization', 'o'),
      await setSetting(place, 'cache.ttlMs', '4'),
      await unsetSetting(place, 'anthropic.apiKey'),
      await setSetting(work, 'openai.organization', 'w'),
      await unsetSetting(work, 'openai.baseUrl'),
    ];
    expect(await place.read()).toBe(`# mine
openai.baseUrl = "http://127.0.0.1:10/v1" # proxy
openai.organization = "o"
cache = { ttlMs = 4, diskBytes = 5 } # small

[profiles.work] # at work
openai.organization = "w"
`);
    expect(changes).toEqual(changes.map(() => ({ commentsDropped: false })));
  });

  it('say so where the file had to be rewritten without its comments', async () => {
    await using place = await createPlace();
    const route = '[{"model":"fast","targets":[{"model":"m"}]}]';
    for (const [before, commentsDropped] of [
      [commented, true],
      ['model = "#1"\n[[routes]]\nmodel = "fast"\n', false],
    ] as const) {
      await place.write('config.toml', before);
      expect(await setSetting(place, 'routes', route)).toEqual({ commentsDropped });
      expect(parse(await place.read())).toEqual({ ...parse(before), routes: JSON.parse(route) });
    }
  });

  it.each([
    [
      'routes',
      '[{"model":"fast","targets":[{"model":"m"}]}]',
      { routes: [{ model: 'fast', targets: [{ model: 'm' }] }] },
    ],
    [
      'prices."gpt-4.1"',
      '{ inputUsd = 1, outputUsd = 2 }',
      { prices: { 'gpt-4.1': { inputUsd: 1, outputUsd: 2 } } },
    ],
    ['cache.enabled', 'false', { cache: { enabled: false } }],
    ['temperature', '0', { temperature: 0 }],
    ['model', '3', { model: '3' }],
  ])('read values by the kind of the setting: %s %s', async (name, text, expected) => {
    await using place = await createPlace();
    await setSetting(place, name, text);
    expect(parse(await place.read())).toEqual(expected);
  });

  it.each([
    ['modle', 'x', 'CONFIG_SETTING_UNKNOWN', 'model'],
    ['cache.ttl_ms', '3', 'CONFIG_SETTING_UNKNOWN', 'cache.ttlMs'],
    ['', 'x', 'CONFIG_SETTING_UNKNOWN', 'config list'],
    ['server.port', 'many', 'CONFIG_INVALID', 'Correct'],
    ['provider', 'nobody', 'CONFIG_INVALID', 'Correct'],
    ['prices.m.inputUsd', '1', 'CONFIG_INVALID', 'Correct'],
  ])('are refused when they are wrong, and change nothing: %s = %s', async (name, text, code, hint) => {
    await using place = await createPlace();
    await place.write('config.toml', commented.replace('port = 1', 'port = "broken"'));
    const before = await place.read();
    await expect(setSetting(place, name, text)).rejects.toMatchObject({
      code,
      hint: expect.stringContaining(hint),
    });
    expect(await place.read()).toBe(before);
    expect(await readdir(place.path)).toEqual(['config.toml']);
  });

  it('are possible while another setting is wrong, which is how it is mended', async () => {
    await using place = await createPlace();
    await place.write('config.toml', 'modle = "x"\n[server]\nport = "broken"\n');
    await setSetting(place, 'server.port', '1');
    await unsetSetting(place, 'modle');
    expect((await place.load()).config.server.port).toBe(1);
    await expect(unsetSetting(place, 'model')).rejects.toMatchObject({ code: 'CONFIG_SETTING_UNSET' });
  });

  it('belong to a profile when one is named', async () => {
    await using place = await createPlace();
    await setSetting({ file: place.file, profile: 'work' }, 'openai.baseUrl', 'http://127.0.0.1:9/v1');
    await setSetting({ file: place.file, profile: 'work' }, 'model', 'm');
    expect(parse(await place.read())).toEqual({
      profiles: { work: { model: 'm', openai: { baseUrl: 'http://127.0.0.1:9/v1' } } },
    });
    expect((await place.load({ profile: 'work' })).config.model).toBe('m');
  });

  it('are for their owner alone, and follow a link', async () => {
    await using place = await createPlace();
    await setSetting(place, 'model', 'a');
    expect((await stat(place.file)).mode & 0o777).toBe(0o600);
    await chmod(place.file, 0o644);
    await rename(place.file, join(place.path, 'elsewhere.toml'));
    await symlink('elsewhere.toml', place.file);
    await setSetting(place, 'model', 'b');
    expect(await readlink(place.file)).toBe('elsewhere.toml');
    expect(await place.read('elsewhere.toml')).toBe('model = "b"\n');
    expect((await stat(place.file)).mode & 0o777).toBe(0o600);
  });

  it('do not lose one another', async () => {
    await using place = await createPlace();
    const names = ['requestsPerMinute', 'tokensPerMinute', 'maxConcurrent'];
    await Promise.all([
      ...names.map((name, index) => setSetting(place, `limits.${name}`, String(index + 1))),
      setSetting(place, 'model', 'm'),
    ]);
    expect(parse(await place.read())).toEqual({
      model: 'm',
      limits: { requestsPerMinute: 1, tokensPerMinute: 2, maxConcurrent: 3 },
    });
  });

  it('say it when the file cannot be written', async () => {
    await using place = await createPlace();
    await place.write('file', '');
    const file = join(place.path, 'file', 'config.toml');
    await expect(setSetting({ file }, 'model', 'm')).rejects.toMatchObject({ code: 'CONFIG_UNWRITABLE' });
  });
});

describe('a review of the configuration file', () => {
  it('finds mistakes in every profile, and older names, which it can mend', async () => {
    await using place = await createPlace();
    expect(await reviewConfigFile(place.file)).toMatchObject({ exists: false, renamings: [] });
    await place.write(
      'config.toml',
      '# mine\n[openai]\napi_key = "k" # key\n[cache]\nttl = 5\n[profiles.p.openai]\nbase_url = "http://127.0.0.1:9/v1"\n',
    );
    const review = await reviewConfigFile(place.file);
    expect(review.renamings.map(({ from }) => from.join('.'))).toEqual([
      'openai.api_key',
      'cache.ttl',
      'profiles.p.openai.base_url',
    ]);
    await fixConfigFile(place.file);
    expect(parse(await place.read())).toEqual({
      openai: { apiKey: 'k' },
      cache: { ttlMs: 5000 },
      profiles: { p: { openai: { baseUrl: 'http://127.0.0.1:9/v1' } } },
    });
    expect(await place.read()).toContain('# mine');
    expect(await reviewConfigFile(place.file)).toMatchObject({ exists: true, renamings: [] });
    await place.write('config.toml', '[profiles.q.server]\nport = -1\n');
    const { problem } = await reviewConfigFile(place.file);
    expect(problem?.message).toMatch(/profiles\.q: server\.port/);
    await place.write('config.toml', '[profiles\n');
    expect((await reviewConfigFile(place.file)).problem?.code).toBe('CONFIG_INVALID');
  });
});

describe('a list of settings', () => {
  it('says where each comes from, and shows no secret', async () => {
    await using place = await createPlace();
    await place.write('config.toml', '[openai]\napiKey = "sk-0123456789abcdefghij"\n');
    const loaded = await place.load({
      environment: {
        OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
        REDIS_URL: 'redis://me:s3cret@localhost:6379',
      },
    });
    const rows = listSettings(loaded);
    const row = (name: string): unknown => rows.find(({ path }) => path === name);
    expect(row('openai.apiKey')).toMatchObject({ value: '********ghij', source: place.file });
    expect(row('openai.baseUrl')).toMatchObject({ source: 'the environment' });
    expect(row('server.port')).toMatchObject({ value: 4000 });
    expect(row('server.port')).not.toHaveProperty('source');
    expect(JSON.stringify(rows)).not.toMatch(/s3cret|0123456789/);
    expect(getSetting(loaded, 'openai.apiKey').value).toBe('********ghij');
    expect(maskSecret('short')).toBe('********');
  });
});
