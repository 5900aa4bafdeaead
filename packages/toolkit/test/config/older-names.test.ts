import { describe, expect, it } from 'vitest';
import { createPlace } from './support.js';

describe('older names', () => {
  it('are read where they mean the same, and tell what to write', async () => {
    await using place = await createPlace();
    const { config, notices } = await place.load({
      environment: {
        OPENAI_API_BASE: 'http://127.0.0.1:9/v1',
        OPENAI_MODEL: 'gpt-x',
        CACHE_TTL: '60',
        CACHE_ENABLED: 'False',
        MAX_TOKENS: '99',
        CLAUDE_API_KEY: 'sk-older-key',
        PROJECTS_DIR: '/plans',
        PORT: '1',
      },
    });
    expect(config).toMatchObject({
      model: 'gpt-x',
      maxTokens: 99,
      openai: { baseUrl: 'http://127.0.0.1:9/v1' },
      anthropic: { apiKey: 'sk-older-key' },
      cache: { ttlMs: 60_000, enabled: false },
      projects: { folder: '/plans' },
      server: { port: 4000 },
    });
    expect(notices).toHaveLength(7);
    expect(notices.join()).toContain('CACHE_TTL is read as cache.ttlMs');
    expect(notices.join()).not.toContain('sk-older-key');
  });

  it('of a file may be in snake_case, or in other tables', async () => {
    await using place = await createPlace();
    await place.write(
      'config.toml',
      `default_model = "m"
[openai]
api_key = "k"
max_tokens = 7
[cache]
ttl_seconds = 2
max_size_mb = 3.3
keep_requests = true
[rate_limit]
requests_per_minute = 5
[prices."my_model"]
inputUsd = 1
outputUsd = 2
[profiles.p.openai]
base_url = "http://127.0.0.1:9/v1"
`,
    );
    const { config, notices } = await place.load({ profile: 'p' });
    expect(config).toMatchObject({
      model: 'm',
      maxTokens: 7,
      openai: { apiKey: 'k', baseUrl: 'http://127.0.0.1:9/v1' },
      cache: { ttlMs: 2000, diskBytes: 3_460_301, keepRequests: true },
      limits: { requestsPerMinute: 5 },
      prices: { my_model: { inputUsd: 1, outputUsd: 2 } },
    });
    expect(notices).toHaveLength(8);
    expect(notices[0]).toContain('config validate --fix');
  });

  it('give way to the newer ones', async () => {
    await using place = await createPlace();
    await place.write('config.toml', '[openai]\napi_key = "older"\napiKey = "newer"\n');
    const { config, notices } = await place.load({
      environment: { OPENAI_MODEL: 'a', AI_TOOLKIT_MODEL: 'b' },
    });
    expect(config).toMatchObject({ model: 'b', openai: { apiKey: 'newer' } });
    expect(notices.filter((notice) => notice.includes('wins'))).toHaveLength(2);
  });

  it('are refused when their value makes no sense, beside their newer name, and unknown ones as they are written', async () => {
    await using place = await createPlace();
    for (const [environment, said] of [
      [{ CACHE_TTL: 'long' }, 'CACHE_TTL: cache.ttlMs: must be a number, not a string.'],
      [{ CACHE_TTL_SECONDS: '-5' }, 'CACHE_TTL_SECONDS: cache.ttlMs: must be 0 or more.'],
      [
        { OPENAI_BASE_URL: ' ', OPENAI_API_BASE: 'foo' },
        'OPENAI_API_BASE: openai.baseUrl: must be a whole URL of the right protocol.',
      ],
    ] as const)
      await expect(place.load({ environment })).rejects.toThrow(said);
    await place.write('config.toml', '[openai]\norg_id = "x"\n');
    await expect(place.load()).rejects.toThrow(/openai\.org_id: there is no such setting/);
  });
});
