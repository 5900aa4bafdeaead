import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJson } from './support/read-json.js';
import { createHome, startServerProcess } from './support/server-process.js';

interface SettingsAnswer {
  readonly settings: readonly { readonly path: string; readonly value?: unknown; readonly source?: string }[];
}

const secrets = {
  AI_TOOLKIT_ADMIN_KEY: 'a-secret-of-the-admin-9876',
  OPENAI_API_KEY: 'sk-a-secret-of-openai-5432',
  ANTHROPIC_AUTH_TOKEN: 'a-secret-of-a-gateway-1098',
  REDIS_URL: 'redis://ada:a-secret-of-redis@127.0.0.1:1/0',
};

describe('/api/settings', () => {
  it.each(['1', '2'])('tells what is configured, by what, and no secret (workers: %s)', async (workers) => {
    await using home = await createHome();
    const file = join(home.path, 'config.toml');
    await writeFile(file, '[cache]\nttlMs = 12345\n[limits]\nmaxQueue = 7\n');
    await using server = await startServerProcess(home.path, { ...secrets, AI_TOOLKIT_WORKERS: workers });
    const headers = { authorization: `Bearer ${secrets.AI_TOOLKIT_ADMIN_KEY}` };
    expect((await fetch(`${server.url}/api/settings`)).status).toBe(401);
    const text = await (await fetch(`${server.url}/api/settings`, { headers })).text();
    for (const secret of ['a-secret', '9876', '5432', '1098', 'sk-']) expect(text).not.toContain(secret);
    const { settings } = JSON.parse(text) as SettingsAnswer;
    const found = (path: string) => settings.find((setting) => setting.path === path);
    expect(found('cache.ttlMs')).toMatchObject({ value: 12345, source: file });
    expect(found('openai.apiKey')).toMatchObject({ value: '********', source: 'the environment' });
    expect(found('anthropic.authToken')).toMatchObject({ value: '********', source: 'the environment' });
    expect(found('redis.url')).toMatchObject({ value: 'redis://ada:********@127.0.0.1:1/0' });
    expect(found('anthropic.apiKey')?.value).toBeUndefined();
    expect(found('server.drainMs')?.value).toBe(10_000);
    expect(found('server.drainMs')).not.toHaveProperty('source');
    const { providers } = await readJson<{ providers: readonly { name: string }[] }>(
      fetch(`${server.url}/api/info`, { headers }),
    );
    expect(providers.map(({ name }) => name)).toContain('openai');
  });
});
