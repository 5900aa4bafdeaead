import Keyv from 'keyv';
import Keyv5 from 'keyv5';
import { describe, expect, it } from 'vitest';
import { type Cache, createCache } from '../../src/index.js';
import { createKeyvAdapter, type KeyvAdapterOptions } from '../../src/keyv/index.js';
import { FakeClock } from '../support/fake-clock.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** What both versions of Keyv have in common. */
type AnyKeyv = Pick<
  Keyv,
  'get' | 'getMany' | 'set' | 'delete' | 'clear' | 'has' | 'hasMany' | 'disconnect'
> & {
  iterator?(): AsyncIterable<unknown>;
  setMany(entries: { key: string; value: unknown; ttl?: number }[]): Promise<unknown>;
};

type Open = (cache: Cache<unknown>, namespace?: string) => AnyKeyv;

const open =
  (Kind: unknown, contract: KeyvAdapterOptions['contract'] & string): Open =>
  (cache, namespace) =>
    new (Kind as typeof Keyv)({
      store: createKeyvAdapter(cache, { contract }),
      ...(namespace === undefined ? {} : { namespace }),
    }) as AnyKeyv;

const versions: Readonly<Record<string, Open>> = {
  'Keyv 5': open(Keyv5, 'ttl'),
  'Keyv 6 by its bridge': open(Keyv, 'ttl'),
  'Keyv 6 by expires': open(Keyv, 'expires'),
};

const caches: Readonly<Record<string, () => Promise<Cache<unknown>>>> = {
  memory: async () => createCache(),
  disk: async () => createCache({ memory: false, disk: { path: await temporaryDirectory() } }),
};

async function pairsOf(keyv: AnyKeyv): Promise<unknown[]> {
  const pairs: unknown[] = [];
  for await (const pair of keyv.iterator?.() ?? []) pairs.push(pair);
  return pairs;
}

for (const [version, openKeyv] of Object.entries(versions)) {
  for (const [tier, makeCache] of Object.entries(caches)) {
    describe(`${version} on ${tier}`, () => {
      it('gives back every kind of value', async () => {
        const keyv = openKeyv(await makeCache());
        const values = [false, null, 0, 'text', '"\'', '', { deep: [1, { er: 2 }] }, Buffer.from('bytes')];
        for (const value of values) {
          expect(await keyv.set('key', value)).toBe(true);
          expect(await keyv.get('key')).toEqual(value);
        }
      });

      it('knows what is absent', async () => {
        const keyv = openKeyv(await makeCache());
        expect(await keyv.get('key')).toBeUndefined();
        expect(await keyv.has('key')).toBe(false);
        expect(await keyv.delete('key')).toBe(false);
      });

      it('takes, gives and removes many at once', async () => {
        const keyv = openKeyv(await makeCache());
        await keyv.setMany([
          { key: 'a', value: 1 },
          { key: 'b', value: 2, ttl: 60_000 },
        ]);
        expect(await keyv.getMany(['a', 'x', 'b'])).toEqual([1, undefined, 2]);
        expect(await keyv.hasMany(['a', 'x', 'b'])).toEqual([true, false, true]);
        await keyv.delete(['a', 'b']);
        expect(await keyv.getMany(['a', 'b'])).toEqual([undefined, undefined]);
      });

      it('gives the cache the lifetime', async () => {
        const cache = await makeCache();
        const keyv = openKeyv(cache, 'n');
        const before = Date.now();
        await keyv.set('key', 'value', 60_000);
        const ends: number[] = [];
        for await (const { expiresAt } of cache.withNamespace('default:n').entries()) ends.push(expiresAt);
        expect(ends).toHaveLength(1);
        // What passes on the way from Keyv's clock to the cache's shortens the lifetime, by however busy the machine is.
        expect(ends[0]).toBeGreaterThan(before + 30_000);
        expect(ends[0]).toBeLessThanOrEqual(Date.now() + 60_000);
        expect(await keyv.get('key')).toBe('value');
      });

      it('keeps namespaces apart and clears one', async () => {
        const cache = await makeCache();
        const [one, two] = [openKeyv(cache, 'one'), openKeyv(cache, 'two')];
        await one.set('key', 1);
        await two.set('key', 2);
        await cache.set('key', 3);
        expect([await one.get('key'), await two.get('key')]).toEqual([1, 2]);
        await one.clear();
        expect([await one.get('key'), await two.get('key')]).toEqual([undefined, 2]);
        expect(await cache.get('key')).toBe(3);
      });

      it('iterates over what is in its namespace', async () => {
        const cache = await makeCache();
        const [one, two] = [openKeyv(cache, 'one'), openKeyv(cache, 'two')];
        await one.set('a', 1);
        await one.set('b', 2);
        await two.set('c', 3);
        const pairs = await pairsOf(one);
        expect(pairs.sort()).toEqual([
          ['a', 1],
          ['b', 2],
        ]);
      });

      it('leaves the cache open when Keyv disconnects', async () => {
        const cache = await makeCache();
        const keyv = openKeyv(cache);
        await keyv.set('key', 1);
        await keyv.disconnect();
        expect(await keyv.get('key')).toBe(1);
      });
    });
  }
}

describe('createKeyvAdapter', () => {
  it('reads a lifetime as milliseconds from now by the contract ttl', async () => {
    const clock = new FakeClock();
    const adapter = createKeyvAdapter(createCache<string>({ clock }));
    await adapter.set('key', 'value', 1000);
    clock.advance(999);
    expect(await adapter.has('key')).toBe(true);
    clock.advance(1);
    expect(await adapter.has('key')).toBe(false);
  });

  it('reads a lifetime as an epoch by the contract expires', async () => {
    const adapter = createKeyvAdapter(createCache<string>(), { contract: 'expires' });
    expect(adapter.capabilities).toEqual({ expires: true });
    await adapter.setMany([
      { key: 'past', value: 'v', expires: Date.now() - 1 },
      { key: 'future', value: 'v', expires: Date.now() + 60_000 },
    ]);
    expect(await adapter.hasMany(['past', 'future'])).toEqual([false, true]);
  });

  it('leaves the lifetime to the cache where Keyv has none', async () => {
    const clock = new FakeClock();
    const adapter = createKeyvAdapter(createCache<string>({ clock, ttlMs: 50 }));
    await adapter.set('key', 'value');
    clock.advance(50);
    expect(await adapter.get('key')).toBeUndefined();
  });

  it('says for each key whether it was there, where Keyv asks for that', async () => {
    const six = createKeyvAdapter(createCache<string>(), { contract: 'expires' });
    await six.set('a', 'v');
    expect(await six.deleteMany(['a', 'b'])).toEqual([true, false]);
    const five = createKeyvAdapter(createCache<string>());
    await five.set('a', 'v');
    expect(await five.deleteMany(['a', 'b'])).toBe(false);
  });

  it('refuses a contract that does not exist', () => {
    expect(() => createKeyvAdapter(createCache(), { contract: 'v6' as never })).toThrow(
      new RangeError("contract must be 'ttl' or 'expires', got \"v6\""),
    );
  });
});
