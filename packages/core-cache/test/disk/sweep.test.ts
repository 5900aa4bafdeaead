import { describe, expect, it } from 'vitest';
import { type Cache, createCache } from '../../src/index.js';
import { drivers } from '../support/driver.js';
import { FakeClock } from '../support/fake-clock.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe.each(drivers)('the disk tier (%s) without being asked for them', (driver) => {
  async function open(): Promise<{ readonly cache: Cache<string>; readonly clock: FakeClock }> {
    const clock = new FakeClock();
    const disk = { path: await temporaryDirectory(), driver };
    const cache = createCache<string>({ memory: false, disk, clock });
    await cache.ready();
    return { cache, clock };
  }

  const entries = (cache: Cache<string>): number | undefined => cache.stats().tiers[0]?.entries;

  /** So many writes that the walk comes round, and rests when it may. */
  async function walk(cache: Cache<string>): Promise<void> {
    for (let count = 0; count < 20; count++) await cache.set('again', 'and again');
  }

  it('drops what is past its time, also when it has rested meanwhile', async () => {
    const { cache, clock } = await open();
    for (let count = 0; count < 10; count++) await cache.set(`short ${count}`, 'x', { ttlMs: 1000 });
    await walk(cache);
    expect(entries(cache)).toBe(11);
    clock.advance(999);
    await walk(cache);
    expect(entries(cache)).toBe(11);
    clock.advance(2);
    await walk(cache);
    expect(entries(cache)).toBe(1);
    await cache.close();
  });

  it('drops what comes in while it rests, when its time is over', async () => {
    const { cache, clock } = await open();
    await walk(cache);
    await cache.set('short', 'x', { ttlMs: 1000 });
    await walk(cache);
    clock.advance(1001);
    await walk(cache);
    expect(entries(cache)).toBe(1);
    await cache.close();
  });

  it('drops what was cleared while it rested', async () => {
    const { cache } = await open();
    for (let count = 0; count < 10; count++) await cache.set(`tagged ${count}`, 'x', { tags: ['t'] });
    await walk(cache);
    await cache.clear({ tag: 't' });
    await walk(cache);
    expect(entries(cache)).toBe(1);
    await cache.close();
  });
});
