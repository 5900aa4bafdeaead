import { describe, expect, it } from 'vitest';
import { indexKey, indexRange } from '../../src/disk/index-key.js';
import { type Cache, createCache } from '../../src/index.js';
import { drivers } from '../support/driver.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Two keys with the same 40 bits, found by trying; and two namespaces with the same 12. */
const twins = ['key 1719823', 'key 1930110'] as const;
const sisters = ['space 1', 'space 118'] as const;

async function keysOf(cache: Cache<string>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of cache.entries()) keys.push(key);
  return keys.sort();
}

describe('a key of the index', () => {
  it('lies in the range of its namespace, and can be the same for two keys', () => {
    const { start, end } = indexRange('ns');
    for (const key of ['', 'k', '\ud800', 'x'.repeat(2000)]) {
      expect(indexKey('ns', key)).toBeGreaterThanOrEqual(start);
      expect(indexKey('ns', key)).toBeLessThan(end);
    }
    expect(Number.isSafeInteger(end)).toBe(true);
    expect(indexKey('ns', twins[0])).toBe(indexKey('ns', twins[1]));
    expect(indexRange(sisters[0])).toEqual(indexRange(sisters[1]));
  });
});

describe.each(drivers)('keys that share a place in the index of a disk tier (%s)', (driver) => {
  it('push one another out, and are never taken for one another', async () => {
    const disk = { path: await temporaryDirectory(), driver };
    await using cache = createCache<string>({ disk, memory: false });
    const [first, second] = twins;
    await cache.set(first, 'first');
    expect(await cache.lookup(second)).toEqual({ status: 'miss', reason: 'absent' });
    expect(await cache.delete(second)).toBe(false);
    expect(await cache.get(first)).toBe('first');
    await cache.set(second, 'second');
    expect(await cache.lookup(first)).toEqual({ status: 'miss', reason: 'absent' });
    expect(await cache.get(second)).toBe('second');
    expect(await keysOf(cache)).toEqual([second]);
    expect(cache.stats().tiers[0]).toMatchObject({ entries: 1, corrupt: 0 });
    expect(await cache.delete(second)).toBe(true);
    expect(cache.stats().tiers[0]).toMatchObject({ entries: 0 });
  });

  it('keep namespaces apart that lie in the same part of it', async () => {
    const disk = { path: await temporaryDirectory(), driver };
    await using cache = createCache<string>({ disk, memory: false });
    const [first, second] = sisters.map((name) => cache.withNamespace(name)) as [
      Cache<string>,
      Cache<string>,
    ];
    await first.set('a', 'first');
    await second.set('b', 'second');
    expect(await keysOf(first)).toEqual(['a']);
    expect(await keysOf(second)).toEqual(['b']);
    await first.clear();
    expect(await first.get('a')).toBeUndefined();
    expect(await second.get('b')).toBe('second');
  });
});
