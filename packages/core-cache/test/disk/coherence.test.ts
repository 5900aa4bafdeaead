import { describe, expect, it } from 'vitest';
import { createCache } from '../../src/index.js';
import { drivers } from '../support/driver.js';
import { FakeClock } from '../support/fake-clock.js';
import { runScript } from '../support/run-script.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe.each(drivers)('memory in front of a disk (%s) that others use', (driver) => {
  it('follows what another process sets, deletes and clears', async () => {
    const path = await temporaryDirectory();
    const other = runScript('change-on-command.ts', path, driver);
    await other.line('ready');
    const tell = async (command: string) => {
      other.process.stdin?.write(`${command}\n`);
      await other.line(`done ${command}`);
    };
    const clock = new FakeClock(Date.now());
    await using cache = createCache<string>({ disk: { path, driver }, clock });
    for (const key of ['set', 'deleted', 'tagged', 'cleared', 'kept']) {
      await cache.set(key, 'mine', { tags: [`tag-${key}`] });
    }
    const seen = async (key: string) => {
      clock.advance(100);
      return cache.get(key);
    };
    await tell('set set theirs');
    await tell('delete deleted');
    await tell('clear tag-tagged');
    expect(await cache.get('kept')).toBe('mine');
    expect(await seen('set')).toBe('theirs');
    expect(await seen('deleted')).toBeUndefined();
    expect(await seen('tagged')).toBeUndefined();
    expect(cache.peek('kept')).toMatchObject({ value: 'mine' });
    await tell('many x y');
    clock.advance(100);
    expect(cache.peek('kept')).toBeUndefined();
    expect(await cache.get('kept')).toBe('mine');
    await tell('clear');
    expect(await seen('kept')).toBeUndefined();
    other.process.stdin?.end();
    expect(await other.ended).toBe(0);
  }, 30_000);

  it('follows another cache of the same process, and keeps what it wrote itself', async () => {
    const path = await temporaryDirectory();
    const clock = new FakeClock();
    await using one = createCache<string>({ disk: { path, driver }, clock });
    await using two = createCache<string>({ disk: { path, driver }, clock });
    await one.set('k', 'one');
    expect(await two.get('k')).toBe('one');
    await two.set('k', 'two');
    const keys = Array.from({ length: 100 }, (_, index) => `key ${index} of many that are written at once`);
    for (const key of keys) await one.set(key, 'one');
    await Promise.all(keys.map((key, index) => (index % 3 === 0 ? one : two).set(key, 'two')));
    clock.advance(100);
    expect(await one.get('k')).toBe('two');
    for (const key of keys) expect(await one.get(key)).toBe('two');
    expect(two.peek('k')).toMatchObject({ value: 'two', tier: 'memory' });
  });

  it('follows what another cache does to names of any characters', async () => {
    const path = await temporaryDirectory();
    const clock = new FakeClock();
    const [key, tag, namespace] = ['key \ud83d', 'tag \ud83d', 'namespace \ud83d'];
    await using one = createCache<string>({ disk: { path, driver }, clock });
    await using two = createCache<string>({ disk: { path, driver }, clock });
    await one.set(key, 'old');
    await one.set('tagged', 'old', { tags: [tag] });
    await one.set('another', 'old', { tags: ['tag \ud83e'] });
    await one.withNamespace(namespace).set('k', 'old');
    await two.set(key, 'new');
    await two.clear({ tag });
    await two.withNamespace(namespace).clear();
    clock.advance(100);
    expect(await one.get(key)).toBe('new');
    expect(await one.get('tagged')).toBeUndefined();
    expect(await one.get('another')).toBe('old');
    expect(await one.withNamespace(namespace).get('k')).toBeUndefined();
  });

  it.each(['in a transaction of its own', 'together with the result'])(
    'keeps a deletion by another cache against a load that began before it: %s',
    async (when) => {
      const path = await temporaryDirectory();
      const clock = new FakeClock();
      await using one = createCache<string>({ disk: { path, driver }, clock });
      await using two = createCache<string>({ disk: { path, driver }, clock });
      await two.ready();
      await one.set('k', 'first');
      const slow = Promise.withResolvers<string>();
      const begun = Promise.withResolvers<void>();
      const load = () => {
        begun.resolve();
        return slow.promise;
      };
      const call = one.getOrSet('k', load, { refresh: true });
      await begun.promise;
      const deleting = two.delete('k');
      if (when === 'in a transaction of its own') await deleting;
      slow.resolve('old');
      expect(await call).toBe('old');
      await deleting;
      await one.flush();
      clock.advance(100);
      expect(await one.get('k')).toBeUndefined();
      expect(await two.get('k')).toBeUndefined();
    },
  );

  it('stores the result of a load that began after another cache had deleted the key', async () => {
    const path = await temporaryDirectory();
    const clock = new FakeClock();
    await using one = createCache<string>({ disk: { path, driver }, clock });
    await using two = createCache<string>({ disk: { path, driver }, clock });
    await one.set('k', 'old');
    await two.delete('k');
    expect(await one.getOrSet('k', () => 'new', { refresh: true })).toBe('new');
    await one.flush();
    expect(await two.get('k')).toBe('new');
  });

  it.each([undefined, 'tag'])('begins a load anew after another cache has cleared it: %s', async (tag) => {
    const path = await temporaryDirectory();
    const clock = new FakeClock();
    await using one = createCache<string>({ disk: { path, driver }, clock });
    await using two = createCache<string>({ disk: { path, driver }, clock });
    await one.ready();
    const slow = Promise.withResolvers<string>();
    const old = one.getOrSet('k', () => slow.promise, { tags: ['tag'] });
    await two.clear(tag === undefined ? undefined : { tag });
    clock.advance(100);
    await one.get('another');
    // It waits for the turn of the old one, whose value is not for it.
    const fresh = one.getOrSet('k', async () => 'new', { tags: ['tag'] });
    slow.resolve('old');
    expect(await old).toBe('old');
    expect(await fresh).toBe('new');
    clock.advance(100);
    expect(await one.get('k')).toBe('new');
  });
});
