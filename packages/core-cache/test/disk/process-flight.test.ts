import { describe, expect, it } from 'vitest';
import { createCache } from '../../src/index.js';
import { DeferredLoad } from '../support/deferred-load.js';
import { drivers } from '../support/driver.js';
import { FakeClock } from '../support/fake-clock.js';
import { runScript } from '../support/run-script.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe.each(drivers)('one load among processes on one disk (%s)', (driver) => {
  it('serves a thousand callers in each of four', async () => {
    const path = await temporaryDirectory();
    const scripts = Array.from({ length: 4 }, () => runScript('load-once.ts', path, driver));
    await Promise.all(scripts.map((script) => script.line('ready')));
    for (const script of scripts) script.process.stdin?.write('go\n');
    for (const script of scripts) expect(await script.ended).toBe(0);
    const results = scripts.map((script) => JSON.parse(script.output().split('\n')[1] ?? ''));
    expect(results.reduce((sum, result) => sum + result.loads, 0)).toBe(1);
    expect(new Set(results.flatMap((result) => result.values)).size).toBe(1);
  }, 30_000);

  it('is taken over at once from a process that was killed', async () => {
    const path = await temporaryDirectory();
    const script = runScript('load-for-ever.ts', path, driver);
    await script.line('loading');
    await using cache = createCache<string>({ disk: { path, driver } });
    let loads = 0;
    const call = cache.getOrSet('k', () => {
      loads += 1;
      return 'survivor';
    });
    expect(loads).toBe(0);
    script.process.kill('SIGKILL');
    await script.ended;
    expect(await call).toBe('survivor');
    expect(loads).toBe(1);
  }, 30_000);

  it.each(['a load', 'a claim'])(
    'waits for no cache that was closed during %s',
    async (what) => {
      const path = await temporaryDirectory();
      // Its lease would never expire.
      const clock = new FakeClock();
      await using other = createCache<string>({ clock, disk: { path, driver } });
      await other.ready();
      const cache = createCache<string>({ clock, disk: { path, driver } });
      const deferred = new DeferredLoad<string>();
      const call = what === 'a load' ? cache.getOrSet('k', deferred.load) : cache.claim('k');
      await (what === 'a load' ? deferred.begun : call);
      await cache.close();
      expect(await other.getOrSet('k', () => 'theirs')).toBe('theirs');
      deferred.resolve('mine');
      await call;
    },
    5000,
  );

  it('can be given up by a caller who waits for another process', async () => {
    const path = await temporaryDirectory();
    const script = runScript('load-for-ever.ts', path, driver);
    await script.line('loading');
    await using cache = createCache<string>({ disk: { path, driver } });
    const controller = new AbortController();
    const call = cache.getOrSet('k', () => expect.unreachable(), { signal: controller.signal });
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    script.process.kill('SIGKILL');
    await script.ended;
  }, 30_000);

  it('fails for those who wait only if their own load fails', async () => {
    const path = await temporaryDirectory();
    await using first = createCache<string>({ disk: { path, driver } });
    await expect(first.getOrSet('k', () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
    await first.flush();
    expect(await first.getOrSet('k', () => 'next')).toBe('next');
  });
});
