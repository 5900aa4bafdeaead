import { createSimulator } from '@ai-toolkit/llm-simulator';
import { expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { createHome, startServerProcess } from './support/server-process.js';

it('takes the wishes for the cache that a body holds, and hands them to nobody', async () => {
  await using simulator = await createSimulator();
  await using home = await createHome();
  await using server = await startServerProcess(home.path, { OPENAI_BASE_URL: simulator.openaiBaseUrl });
  const cacheOf = async (cache: unknown, headers: Record<string, string> = {}): Promise<string | null> =>
    (await ask(server.url, 'Tides', cache === undefined ? {} : { cache }, headers)).cache;
  expect(await cacheOf({ 'no-store': true })).toBe('MISS');
  expect(await cacheOf(undefined)).toBe('MISS');
  expect(await cacheOf({}), 'the same request with and without it').toBe('HIT');
  expect(await cacheOf({ 'no-cache': true })).toBe('REFRESH');
  expect(await cacheOf({ namespace: 'mine' })).toBe('MISS');
  expect(await cacheOf({ namespace: 'mine', ttl: 60 })).toBe('HIT');
  expect(await cacheOf({ namespace: 'mine' }, { 'x-cache-namespace': 'theirs' }), 'a header wins').toBe(
    'MISS',
  );
  const short = await ask(server.url, 'Other', { cache: { ttl: 60 } });
  expect(short.cache).toBe('MISS');
  expect(Number((await ask(server.url, 'Other')).headers.get('x-cache-ttl'))).toBeLessThanOrEqual(60);
  const seen = await (await fetch(new URL('/simulator/requests', simulator.openaiBaseUrl))).text();
  expect(seen).not.toContain('no-store');
  expect(seen).not.toContain('namespace');
});
