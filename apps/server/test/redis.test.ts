import { createSimulator } from '@ai-toolkit/llm-simulator';
import { expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { describeWithRedis, startRedis } from './support/redis-process.js';
import { createHome, startServerProcess } from './support/server-process.js';

describeWithRedis('servers on one Redis', () => {
  it('share answers, and go on alone when it is gone', async () => {
    await using simulator = await createSimulator();
    await using redis = await startRedis();
    await using firstHome = await createHome();
    await using secondHome = await createHome();
    const environment = { OPENAI_BASE_URL: simulator.openaiBaseUrl, REDIS_URL: redis.url };
    await using first = await startServerProcess(firstHome.path, environment);
    await using second = await startServerProcess(secondHome.path, environment);
    expect((await ask(first.url, 'Who shares?')).cache).toBe('MISS');
    expect((await ask(second.url, 'Who shares?', { stream: true })).cache).toBe('HIT');
    expect(simulator.stats().requests).toBe(1);

    await redis.kill();
    expect(await ask(second.url, 'Who shares?')).toMatchObject({ status: 200, cache: 'HIT' });
    expect(await ask(first.url, 'Who is alone?')).toMatchObject({ status: 200, cache: 'MISS' });
    expect(await ask(second.url, 'Who is alone?')).toMatchObject({ status: 200, cache: 'MISS' });
  });

  it('start without it, and say so', async () => {
    await using home = await createHome();
    await using server = await startServerProcess(home.path, { REDIS_URL: 'redis://:secret@127.0.0.1:9' });
    expect(server.stdout()).toMatch(/warning\s+the redis cache is off/);
    expect(server.stdout()).not.toContain('secret');
    expect((await ask(server.url, 'Alone')).cache).toBe('MISS');
  });
});
