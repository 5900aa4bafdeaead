import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { expect, it } from 'vitest';
import { type Cache, createCache, type RedisTierOptions } from '../../src/index.js';
import { DeferredLoad } from '../support/deferred-load.js';
import { FakeClock } from '../support/fake-clock.js';

const redisOf = (cache: Cache<string>) => cache.stats().tiers.find((tier) => tier.name === 'redis');

/** Lets the breaker's pauses pass until the tier answers again. */
async function recovers(cache: Cache<string>, clock: FakeClock): Promise<void> {
  const attempt = async () => {
    clock.advance(60_000);
    await cache.set('probe', 'alive');
    await cache.get('probe');
    return redisOf(cache)?.state;
  };
  await expect.poll(attempt, { interval: 10, timeout: 15_000 }).toBe('ready');
}

describeWithRedis('a Redis that fails', () => {
  it('fails no call when it is killed under load, and is used again when it is back', async () => {
    await using redis = await TestRedis.start();
    const clock = new FakeClock(Date.now());
    // A machine that is busy with other tests must not look like a Redis that is silent.
    const shared = { url: redis.url, commandTimeoutMs: 10_000 };
    await using cache = createCache<string>({ memory: false, shared, clock });
    let isOver = false;
    let calls = 0;
    const callers = Array.from({ length: 20 }, async (_, caller) => {
      while (!isOver) {
        const key = `${caller} ${calls % 50}`;
        expect(await cache.getOrSet(key, () => `value ${key}`)).toBe(`value ${key}`);
        if (calls % 7 === 0) await cache.delete(key);
        calls += 1;
        // Without Redis all of this is done in one go, and the rest of the process would get no turn.
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const atLeast = (count: number) => {
      const until = calls + count;
      return expect.poll(() => calls, { interval: 2, timeout: 15_000 }).toBeGreaterThan(until);
    };
    await atLeast(200);
    expect(redisOf(cache)?.state).toBe('ready');
    for (let round = 0; round < 2; round += 1) {
      await redis.kill();
      await atLeast(200);
      expect(redisOf(cache)?.errors).toBeGreaterThan(0);
      await redis.restart();
      await recovers(cache, clock);
      await atLeast(200);
    }
    isOver = true;
    await Promise.all(callers);
    await cache.set('after', 'stored');
    expect(await cache.lookup('after')).toMatchObject({ status: 'hit', tier: 'redis', value: 'stored' });
  }, 60_000);

  it('costs a bounded wait when it is silent, and none once the breaker leaves it alone', async () => {
    await using redis = await TestRedis.start();
    const clock = new FakeClock(Date.now());
    const shared = { url: redis.url, commandTimeoutMs: 400 };
    await using cache = createCache<string>({ memory: false, shared, clock });
    await cache.set('k', 'stored');
    redis.freeze();
    expect(await cache.get('k')).toBeUndefined();
    expect(redisOf(cache)).toMatchObject({ reason: expect.stringContaining('within 400 ms') });
    for (let call = 0; call < 5; call += 1) {
      expect(await cache.getOrSet(`k${call}`, () => 'loaded')).toBe('loaded');
    }
    const { errors } = redisOf(cache) ?? {};
    expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
    expect(redisOf(cache)?.errors).toBe(errors);
    redis.thaw();
    await recovers(cache, clock);
  }, 60_000);

  it('is told afterwards of leases that it could not be told of, so that nobody waits for their end', async () => {
    await using redis = await TestRedis.start();
    const clock = new FakeClock(Date.now());
    const shared = { url: redis.url, commandTimeoutMs: 2000 };
    await using cache = createCache<string>({ memory: false, shared, clock });
    await cache.set('other', 'v');
    const lease = '{ai-toolkit}:lease:7:default:k';
    const deferred = new DeferredLoad<string>();
    const loading = cache.getOrSet('k', deferred.load);
    await deferred.begun;
    expect(await redis.command('EXISTS', lease)).toBe(1);
    redis.freeze();
    // Until the breaker leaves it alone: then the end of the load is not sent at all.
    for (let call = 0; call < 4; call += 1) await cache.set('other', 'v');
    deferred.resolve('loaded');
    expect(await loading).toBe('loaded');
    redis.thaw();
    await recovers(cache, clock);
    await cache.flush();
    expect(await redis.command('EXISTS', lease)).toBe(0);
    expect(await cache.getOrSet('k', () => 'again')).toBe('again');
  }, 60_000);

  it('is found when it comes up later than the cache', async () => {
    await using redis = await TestRedis.start();
    await redis.kill();
    const clock = new FakeClock(Date.now());
    await using cache = createCache<string>({ shared: { url: redis.url }, clock });
    expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
    expect(await cache.lookup('absent')).toEqual({ status: 'miss', reason: 'unavailable' });
    expect(redisOf(cache)).toMatchObject({
      state: 'unavailable',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    await redis.restart();
    await recovers(cache, clock);
  }, 60_000);

  it('is noticed without a call, and so is its end', async () => {
    await using redis = await TestRedis.start();
    await using cache = createCache<string>({ memory: false, shared: { url: redis.url } });
    await cache.set('k', 'v');
    const state = () => redisOf(cache)?.state;
    expect(state()).toBe('ready');
    await redis.kill();
    await expect.poll(state).toBe('unavailable');
    await redis.restart();
    await expect.poll(state, { timeout: 15_000 }).toBe('ready');
  }, 60_000);

  it('does not hold up closing, whether it is gone or silent', async () => {
    await using redis = await TestRedis.start();
    const gone = createCache<string>({ shared: { url: redis.url } });
    const silent = createCache<string>({ shared: { url: redis.url } });
    await Promise.all([gone.set('k', 'v'), silent.set('k', 'v')]);
    redis.freeze();
    const writing = silent.set('k', 'w');
    await silent.close();
    await writing;
    redis.thaw();
    await redis.kill();
    await gone.close();
    await gone.close();
  }, 30_000);

  it('is given up within the time to connect when nobody takes the connection up', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const shared: RedisTierOptions = { url: `redis://127.0.0.1:${port}`, connectTimeoutMs: 50 };
    await using cache = createCache<string>({ shared });
    expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
    expect(redisOf(cache)?.state).toBe('unavailable');
    await cache.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('makes memory forget what it may not have heard of', async () => {
    await using redis = await TestRedis.start();
    const clock = new FakeClock(Date.now());
    await using cache = createCache<string>({ shared: { url: redis.url }, clock });
    await cache.set('k', 'old');
    await redis.kill();
    clock.advance(200);
    expect(cache.peek('k')).toMatchObject({ value: 'old' });
    await redis.restart();
    const look = () => {
      clock.advance(200);
      return cache.peek('k');
    };
    await expect.poll(look, { interval: 10, timeout: 15_000 }).toBeUndefined();
  }, 30_000);

  it('forgets its scripts without anyone noticing', async () => {
    await using redis = await TestRedis.start();
    await using cache = createCache<string>({ memory: false, shared: { url: redis.url } });
    await cache.set('k', 'v');
    await redis.command('SCRIPT', 'FLUSH');
    expect(await cache.get('k')).toBe('v');
    expect(redisOf(cache)?.errors).toBe(0);
  });
});
