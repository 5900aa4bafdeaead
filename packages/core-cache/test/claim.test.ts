import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { describe, expect, it } from 'vitest';
import { type Cache, createCache } from '../src/index.js';
import { drivers } from './support/driver.js';
import { temporaryDirectory } from './support/temporary-directory.js';

/** What two caches must do that share a tier, as two processes have them. */
async function check(one: Cache<string>, two: Cache<string>): Promise<void> {
  const first = await one.claim('k');
  expect(first.found).toBeUndefined();
  let waits = true;
  const second = two.claim('k').finally(() => {
    waits = false;
  });
  // Another key is free, and this round trip takes longer than a grant would.
  await (await two.claim('other')).end();
  expect(waits).toBe(true);
  await one.set('k', 'made by one');
  await first.end();
  await first.end();
  expect((await second).found).toMatchObject({ status: 'hit', value: 'made by one' });
  await (await second).end();

  // Who makes nothing leaves the key to the next one.
  const third = await two.claim('nothing');
  const fourth = one.claim('nothing');
  await third.end();
  expect((await fourth).found).toBeUndefined();

  // It is still claimed: a bound ends the wait, and so does a signal.
  expect((await two.claim('nothing', { waitMs: 20 })).found).toBeUndefined();
  const reason = new Error('enough');
  await expect(two.claim('nothing', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const controller = new AbortController();
  const waiting = two.claim('nothing', { signal: controller.signal });
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await (await fourth).end();
  await using again = await two.claim('nothing');
  expect(again.found).toBeUndefined();
}

describe('claim', () => {
  it('is granted at once where no tier is shared', async () => {
    await using cache = createCache<string>();
    const claims = await Promise.all([cache.claim('k'), cache.claim('k')]);
    expect(claims.map(({ found }) => found)).toEqual([undefined, undefined]);
    await Promise.all(claims.map((claim) => claim.end()));
    await expect(cache.claim('k', { waitMs: -1 })).rejects.toThrow('waitMs');
    await cache.close();
    await expect(cache.claim('k')).rejects.toMatchObject({ code: 'CACHE_CLOSED' });
  });

  it.each(drivers)('is one at a time on one disk (%s)', async (driver) => {
    const path = await temporaryDirectory();
    await using one = createCache<string>({ disk: { path, driver } });
    await using two = createCache<string>({ disk: { path, driver } });
    await check(one, two);
  });

  it('is granted at once while the tier fails', async () => {
    await using cache = createCache<string>({ disk: { path: '/dev/null/cache' } });
    const claims = await Promise.all([cache.claim('k'), cache.claim('k')]);
    expect(claims.map(({ found }) => found)).toEqual([undefined, undefined]);
  });
});

describeWithRedis('claim on Redis', () => {
  it('is one at a time', async () => {
    await using redis = await TestRedis.start();
    await using one = createCache<string>({ shared: { url: redis.url } });
    await using two = createCache<string>({ shared: { url: redis.url } });
    await Promise.all([one.ready(), two.ready()]);
    await check(one, two);
  });
});
