import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFile } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createCache } from '../src/index.js';
import { FailingStore } from './support/failing-store.js';
import { FakeClock } from './support/fake-clock.js';

function listen(name: string): unknown[] {
  const events: unknown[] = [];
  const onEvent = (event: unknown) => void events.push(event);
  subscribe(name, onEvent);
  onTestFinished(() => void unsubscribe(name, onEvent));
  return events;
}

it('publishes lookups with where, or why not', async () => {
  const events = listen('core-cache:lookup:end');
  const clock = new FakeClock();
  await using cache = createCache<string>({ namespace: 'n', clock });
  await cache.get('k');
  await cache.set('k', 'v', { ttlMs: 10 });
  await cache.get('k');
  clock.advance(10);
  await cache.get('k');
  await cache.getOrSet('k', () => 'w');
  const about = { namespace: 'n', key: 'k' };
  expect(events).toEqual([
    { ...about, status: 'miss', reason: 'absent' },
    { ...about, status: 'hit', tier: 'memory' },
    { ...about, status: 'miss', reason: 'expired' },
    { ...about, status: 'miss', reason: 'absent' },
  ]);
});

it('publishes the beginning and the end of loads', async () => {
  const starts = listen('core-cache:load:start');
  const ends = listen('core-cache:load:end');
  await using cache = createCache<string>({ namespace: 'n' });
  await cache.getOrSet('good', () => 'v');
  const error = new Error('bad');
  await expect(cache.getOrSet('bad', () => Promise.reject(error))).rejects.toBe(error);
  expect(starts).toEqual([
    { namespace: 'n', key: 'good' },
    { namespace: 'n', key: 'bad' },
  ]);
  expect(ends).toEqual([
    { namespace: 'n', key: 'good', durationMs: expect.any(Number) },
    { namespace: 'n', key: 'bad', durationMs: expect.any(Number), error },
  ]);
});

it('publishes what a tier fails', async () => {
  const errors = listen('core-cache:tier:error');
  const store = new FailingStore();
  await using cache = createCache<string>({ shared: store });
  store.fails = true;
  await cache.set('k', 'v');
  expect(errors).toEqual([{ tier: 'failing', state: 'ready', error: store.error }]);
});

it('has each channel, and no other, in the README', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const source = await readFile(new URL('../src/channels.ts', import.meta.url), 'utf8');
  const named = (text: string) => [...new Set(text.match(/core-cache:\w+:\w+/g))].sort();
  expect(named(readme)).toEqual(named(source));
});
