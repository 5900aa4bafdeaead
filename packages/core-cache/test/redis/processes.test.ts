import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { expect, it } from 'vitest';
import { createCache } from '../../src/index.js';
import { FakeClock } from '../support/fake-clock.js';
import { runScript } from '../support/run-script.js';

const script = (name: string, redis: TestRedis) => runScript(`../redis/scripts/${name}`, redis.url);

describeWithRedis('processes on one Redis', () => {
  it('load a missing key once for a thousand callers in each of two', async () => {
    await using redis = await TestRedis.start();
    const scripts = [script('redis-load-once.ts', redis), script('redis-load-once.ts', redis)];
    await Promise.all(scripts.map((one) => one.line('ready')));
    for (const one of scripts) one.process.stdin?.write('go\n');
    for (const one of scripts) expect(await one.ended).toBe(0);
    const results = scripts.map((one) => JSON.parse(one.output().split('\n')[1] ?? ''));
    expect(results.reduce((sum, result) => sum + result.loads, 0)).toBe(1);
    expect(new Set(results.flatMap((result) => result.values)).size).toBe(1);
  }, 30_000);

  it('take over the load of one that was killed, once its lease is over', async () => {
    await using redis = await TestRedis.start();
    const holder = script('redis-load-for-ever.ts', redis);
    await holder.line('loading');
    await using cache = createCache<string>({ shared: { url: redis.url } });
    await cache.ready();
    let loads = 0;
    const call = cache.getOrSet('k', () => {
      loads += 1;
      return 'survivor';
    });
    holder.process.kill('SIGKILL');
    await holder.ended;
    expect(loads).toBe(0);
    expect(await call).toBe('survivor');
    expect(loads).toBe(1);
  }, 30_000);

  it('forget in memory what another one sets, deletes and clears, and nothing else', async () => {
    await using redis = await TestRedis.start();
    const other = script('redis-on-command.ts', redis);
    await other.line('ready');
    const tell = async (command: string) => {
      other.process.stdin?.write(`${command}\n`);
      await other.line(`done ${command}`);
    };
    // Memory asks what it heard every so often by this clock: each look is a step on.
    const clock = new FakeClock(Date.now());
    await using cache = createCache<string>({ shared: { url: redis.url }, namespace: 'a', clock });
    const tenant = cache.withNamespace('tenant');
    for (const key of ['set', 'deleted', 'tagged', 'kept']) {
      await cache.set(key, 'mine', { tags: [`tag-${key}`] });
      await tenant.set(key, 'mine');
    }
    const forgets = async (space: typeof cache, key: string) => {
      const look = () => {
        clock.advance(200);
        return space.peek(key);
      };
      await expect.poll(look, { interval: 5, timeout: 10_000 }).toBeUndefined();
    };
    await tell('set a set theirs');
    await tell('delete a deleted');
    await tell('clear a tag-tagged');
    await forgets(cache, 'set');
    expect(await cache.get('set')).toBe('theirs');
    await forgets(cache, 'deleted');
    expect(await cache.get('deleted')).toBeUndefined();
    await forgets(cache, 'tagged');
    expect(await cache.get('tagged')).toBeUndefined();
    expect(cache.peek('kept')).toMatchObject({ value: 'mine' });
    await tell('clear tenant');
    await forgets(tenant, 'kept');
    expect(await tenant.get('kept')).toBeUndefined();
    expect(await cache.get('kept')).toBe('mine');
    other.process.stdin?.end();
    expect(await other.ended).toBe(0);
  }, 30_000);

  it('end by themselves although the cache is open, and not before their answers', async () => {
    await using redis = await TestRedis.start();
    const left = script('redis-leave-open.ts', redis);
    expect(await left.ended).toBe(0);
    expect(left.output()).toBe('written loaded\n');
    await redis.kill();
    const alone = script('redis-leave-open.ts', redis);
    expect(await alone.ended).toBe(0);
    expect(alone.output()).toBe('undefined undefined\n');
  }, 30_000);
});
