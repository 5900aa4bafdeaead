import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { createClient, createCluster } from 'redis';
import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../src/limiter.js';
import { redisLimitStore } from '../../src/redis/index.js';
import { redisKey } from '../../src/redis/redis-key.js';
import type { LimitStep } from '../../src/shared/limit-store.js';
import { QUIET } from '../../src/testing/quiet-step.js';

const key = 'k';

const step = (part: Partial<LimitStep> = {}): LimitStep => ({
  ...QUIET,
  process: 'p',
  sequence: 1,
  limits: { adaptive: false, requestsPerMinute: 60 },
  demands: [[0, 0, 0, 1]],
  ...part,
});

describeWithRedis('redisLimitStore', () => {
  it('takes one command for an acquire, and keeps everything of a key under one name that ends by itself', async () => {
    await using redis = await TestRedis.start();
    await using store = redisLimitStore({ url: redis.url, prefix: 'mine', timeoutMs: 5000 });
    await using limiter = createLimiter({ store, limits: { requestsPerMinute: 600, requestsPerDay: 50 } });
    (await limiter.acquire({ key: '{a}:b' })).settle();
    await redis.command('CONFIG', 'RESETSTAT');
    const lease = await limiter.acquire({ key: '{a}:b' });
    const stats = await redis.command<string>('INFO', 'commandstats');
    expect(stats).toMatch(/cmdstat_evalsha:calls=1,/);
    expect(await redis.command('KEYS', '*')).toEqual(['mine:{%7Ba%7D%3Ab}']);
    // Longer than a day, where requests per day are counted.
    expect(Number(await redis.command('PTTL', 'mine:{%7Ba%7D%3Ab}'))).toBeGreaterThan(86_400_000);
    lease.release();
  });

  it('counts by the time of Redis, whatever the clocks of processes say', async () => {
    await using redis = await TestRedis.start();
    const limits = { requestsPerMinute: 60, burstMs: 2000 };
    const taken: number[] = [];
    for (const skewMs of [0, 86_400_000, -86_400_000]) {
      await using store = redisLimitStore({ url: redis.url, timeoutMs: 5000 });
      const now = () => performance.now() + 1e9 + skewMs;
      const schedule = (callback: () => void, delayMs: number) => {
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      };
      const clock = { now, wallNow: () => Date.now() + skewMs, schedule };
      await using limiter = createLimiter({ store, limits, clock });
      let count = 0;
      while ((await limiter.tryAcquire({ key })) !== undefined) count += 1;
      taken.push(count);
    }
    expect(taken.slice(0, 1)).toEqual([2]);
    // A slow machine may see a second go by.
    expect(taken[1] ?? 9).toBeLessThanOrEqual(1);
    expect(taken[2] ?? 9).toBeLessThanOrEqual(1);
  });

  it('goes on where it was when Redis forgot its scripts', async () => {
    await using redis = await TestRedis.start();
    await using store = redisLimitStore({ url: redis.url, timeoutMs: 5000 });
    expect((await store.step(key, step())).granted).toBe(1);
    await redis.command('SCRIPT', 'FLUSH');
    expect((await store.step(key, step({ sequence: 2 }))).granted).toBe(0);
  });

  it('starts from what processes know when Redis lost everything', async () => {
    await using redis = await TestRedis.start();
    await using store = redisLimitStore({ url: redis.url, timeoutMs: 5000 });
    const limits = { requestsPerMinute: 60, algorithm: 'window' as const };
    await using limiter = createLimiter({ store, limits });
    for (let count = 0; count < 50; count++) (await limiter.acquire({ key })).settle();
    await redis.command('FLUSHALL');
    let more = 0;
    while ((await limiter.tryAcquire({ key })) !== undefined) more += 1;
    expect(more).toBe(10);
  });

  it('connects again after Redis was away, frozen or restarted, and callers never notice', async () => {
    await using redis = await TestRedis.start();
    await using store = redisLimitStore({ url: redis.url, timeoutMs: 200 });
    await using limiter = createLimiter({ store, limits: { requestsPerMinute: 600_000 } });
    const state = async (): Promise<unknown> => {
      (await limiter.acquire({ key })).settle();
      return limiter.snapshot().store;
    };
    expect(await state()).toBe('ready');
    redis.freeze();
    expect(await state()).toBe('unavailable');
    redis.thaw();
    await expect.poll(state, { timeout: 15_000 }).toBe('ready');
    await redis.kill();
    await expect.poll(state, { timeout: 15_000 }).toBe('unavailable');
    await redis.restart();
    await expect.poll(state, { timeout: 15_000 }).toBe('ready');
  });

  it('uses the configuration of a client, never the client itself', async () => {
    await using redis = await TestRedis.start('--requirepass', 'secret');
    const client = createClient({ url: `redis://:secret@127.0.0.1:${redis.port}` });
    await using store = redisLimitStore({ client, timeoutMs: 5000 });
    expect((await store.step(key, step())).granted).toBe(1);
    expect(client.isOpen).toBe(false);
  });

  it('works on a cluster', async () => {
    await using redis = await TestRedis.startNode();
    await redis.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await expect
      .poll(() => redis.command<string>('CLUSTER', 'INFO'), { timeout: 15_000 })
      .toContain('cluster_state:ok');
    const client = createCluster({ rootNodes: [{ url: redis.url }] });
    await using store = redisLimitStore({ client, timeoutMs: 5000 });
    for (const name of ['a', 'b', '{c}']) expect((await store.step(name, step())).granted).toBe(1);
  });
});

describe('options of redisLimitStore', () => {
  it('are checked by name, without showing a password', () => {
    const wrong = (options: unknown) => () =>
      redisLimitStore(options as Parameters<typeof redisLimitStore>[0]);
    expect(wrong({ url: 'http://user:secret@host' })).toThrow(
      'url must be a redis:// or rediss:// URL, got another string',
    );
    expect(wrong({})).toThrow(TypeError);
    expect(wrong({ client: {} })).toThrow('client must be made by createClient or createCluster');
    expect(wrong({ url: 'redis://h', client: { duplicate: () => undefined } })).toThrow('exclude each other');
    expect(wrong({ url: 'redis://h', prefix: 'a{b' })).toThrow('prefix must be');
    expect(wrong({ url: 'redis://h', timeoutMs: 0 })).toThrow('timeoutMs must be from 1 to 60000, got 0');
    expect(wrong({ url: 'redis://h', timeoutMs: '5' })).toThrow(TypeError);
    expect(wrong({ url: 'redis://h', prefx: 'a' })).toThrow('the Redis store has no option "prefx"');
  });
});

describe('names in Redis', () => {
  it('are one for each key, and have exactly one hash tag', () => {
    const keys = [
      'a',
      '{a}',
      '{}',
      '}{',
      'a}b{c',
      '%7Ba%7D',
      'ü',
      '\ud800',
      '\ud801',
      'x'.repeat(500),
      'x'.repeat(501),
      '#',
    ];
    const names = keys.map((one) => redisKey('p', one));
    expect(new Set(names).size).toBe(keys.length);
    for (const name of names) expect(name).toMatch(/^p:\{[^{}]+\}$/);
  });
});
