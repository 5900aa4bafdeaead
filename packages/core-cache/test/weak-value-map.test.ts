import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createCache } from '../src/index.js';
import { WeakValueMap } from '../src/weak-value-map.js';
import { DeferredLoad } from './support/deferred-load.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

it('lets go of values that nobody holds, and keeps those that somebody does', async () => {
  const map = new WeakValueMap<object>();
  const held = map.getOrMake('held', () => ({}));
  for (let index = 0; index < 1000; index += 1) map.getOrMake(`key ${index}`, () => ({ index }));
  for (let round = 0; round < 10 && map.size > 1; round += 1) {
    await turn();
    collectGarbage();
  }
  expect(map.size).toBe(1);
  expect(map.getOrMake('held', () => expect.unreachable())).toBe(held);
});

it('keeps the entries of a namespace, and its load under way, though nobody holds the view', async () => {
  await using cache = createCache<string>();
  const deferred = new DeferredLoad<string>();
  await cache.withNamespace('n').set('k', 'v');
  const calls = [cache.withNamespace('n').getOrSet('slow', deferred.load)];
  await deferred.begun;
  for (let round = 0; round < 3; round += 1) {
    await turn();
    collectGarbage();
  }
  calls.push(cache.withNamespace('n').getOrSet('slow', deferred.load));
  deferred.resolve('once');
  expect(await Promise.all(calls)).toEqual(['once', 'once']);
  expect(deferred.calls).toBe(1);
  expect(await cache.withNamespace('n').get('k')).toBe('v');
});
