import { describe, expect, it } from 'vitest';
import { type CacheOptions, createCache, type SetOptions } from '../src/index.js';
import { createKeyvStore } from '../src/keyv/index.js';

const wrongCaches: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ ttl: 5 }, 'createCache has no option "ttl"; its options are: namespace, ttlMs,'],
  [{ memory: 500 }, 'memory expects an object, got 500'],
  [{ memory: { max: 500 } }, 'memory has no option "max"; its options are: maxEntries, maxBytes'],
  [{ disk: null }, 'disk expects an object, got null'],
  [{ disk: { dir: './cache' } }, 'disk has no option "dir"; its options are: path, maxBytes, driver'],
  [{ disk: { path: 5n } }, 'disk.path must be the path of a directory, got 5'],
  [{ shared: { host: 'localhost' } }, 'shared has no option "host"; its options are: url, client,'],
  [
    { shared: { open: async () => {}, get: async () => {} } },
    'shared must have the method set, got an object',
  ],
  [{ codec: JSON }, 'codec must have the method encode, got an object'],
  [{ clock: 5 }, 'clock must have the method now, got 5'],
  [{ random: 0.5 }, 'random must be a function, got 0.5'],
  [{ ownerTag: 5n }, 'ownerTag must be a non-empty string, got 5'],
];

const circular: unknown[] = [];
circular.push(circular);

const wrongEntries: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ ttl: 5 }, 'has no option "ttl"; its options are: ttlMs, tags,'],
  [{ ttlMs: '5' }, 'ttlMs must be a number of milliseconds, got string'],
  [{ tags: circular }, 'tags must be an array of non-empty strings, got [an array]'],
  [{ tags: [5n] }, 'tags must be an array of non-empty strings, got [5]'],
  [{ tags: 'people' }, 'tags must be an array of non-empty strings, got "people"'],
];

describe('a plain mistake', () => {
  it.each(wrongCaches)('in the options of a cache is named: %o', (options, message) => {
    expect(() => createCache(options as CacheOptions<unknown>)).toThrow(message);
  });

  it.each(wrongEntries)('in the options of an entry is named: %o', async (options, message) => {
    await using cache = createCache();
    await expect(cache.set('a', 1, options as SetOptions)).rejects.toThrow(message);
    await expect(cache.getOrSet('a', () => 1, options as SetOptions)).rejects.toThrow(message);
    expect(await cache.get('a')).toBeUndefined();
  });

  it('is no object of options that serves both', async () => {
    await using cache = createCache();
    const options = { ttlMs: 1000, gatherMs: 0, negativeTtlMs: 5, signal: AbortSignal.timeout(1000) };
    await cache.set('a', 1, options);
    expect(await cache.getOrSet('a', () => 2, options)).toBe(1);
  });

  it('in the options of a Keyv store is named', () => {
    const of = (options: object) => () => createKeyvStore(new Map(), options);
    expect(of({ ttl: 5 })).toThrow(
      'createKeyvStore has no option "ttl"; its options are: name, prefix, timeoutMs,',
    );
    expect(of({ timeoutMs: '5' })).toThrow('timeoutMs must be a number, got "5"');
    expect(of({ timeoutMs: Number.NaN })).toThrow('timeoutMs must be above 0, got NaN');
    expect(of(null as never)).toThrow('createKeyvStore expects an object, got null');
  });
});
