import { EventEmitter, once } from 'node:events';
import { expect, it } from 'vitest';
import { CacheError, createCache, type StoreEntry } from '../../src/index.js';
import { createKeyvStore, type KeyvStoreLike } from '../../src/keyv/index.js';
import { FakeClock } from '../support/fake-clock.js';

const bytes = (text: string, part: Partial<StoreEntry<Uint8Array>> = {}): StoreEntry<Uint8Array> => ({
  payload: Buffer.from(text),
  codec: 'test',
  size: text.length,
  createdAt: 1,
  expiresAt: Number.POSITIVE_INFINITY,
  retainUntil: Number.POSITIVE_INFINITY,
  negative: false,
  tags: [],
  ...part,
});

/** A Map that takes down what lifetimes it is given. */
class Recorder extends Map<string, string> {
  readonly lifetimes: (number | undefined)[] = [];
  capabilities?: { expires: boolean };

  override set(key: string, value: string, lifetime?: number): this {
    this.lifetimes?.push(lifetime);
    return super.set(key, value);
  }
}

const entryKeys = (map: Map<string, string>): string[] =>
  [...map.keys()].filter((key) => key.startsWith('core-cache-entry-'));

it('gives Keyv 5 stores the time that is left, and Keyv 6 stores the end', async () => {
  const clock = new FakeClock();
  const until = clock.now() + 1500.5;
  const [five, six] = [new Recorder(), new Recorder()];
  six.capabilities = { expires: true };
  for (const map of [five, six]) {
    await createKeyvStore(map, { clock }).set('a', 'k', bytes('v', { retainUntil: until }));
  }
  expect(five.lifetimes.at(-1)).toBe(1501);
  expect(six.lifetimes.at(-1)).toBe(Math.ceil(until));
});

it('stores nothing whose time is over, and removes what was there', async () => {
  const clock = new FakeClock();
  const map = new Map<string, string>();
  const store = createKeyvStore(map, { clock });
  await store.set('a', 'k', bytes('v'));
  expect(await store.set('a', 'k', bytes('w', { retainUntil: clock.now() }))).toBe(false);
  expect(entryKeys(map)).toEqual([]);
  expect(store.stats().entries).toBe(0);
});

it('shares entries and clears among all who use the Keyv store', async () => {
  const map = new Map<string, string>();
  const [one, two] = [createKeyvStore(map), createKeyvStore(map)];
  await one.set('a', 'k', bytes('v', { tags: ['t'] }));
  await one.set('a', 'l', bytes('v'));
  expect(await two.get('a', 'k')).toBeDefined();
  await two.clear('a', 't');
  expect(await one.get('a', 'k')).toBeUndefined();
  await two.clear('a');
  expect(await one.get('a', 'l')).toBeUndefined();
  const since = one.sequence();
  await two.set('a', 'm', bytes('newer'));
  expect(await one.set('a', 'm', bytes('older'), { since: Number(await since) })).toBe(false);
});

it('keeps what another prefix stored out of its sight', async () => {
  const map = new Map<string, string>();
  const [one, two] = [createKeyvStore(map), createKeyvStore(map, { prefix: 'other' })];
  await one.set('a', 'k', bytes('v'));
  await two.set('a', 'l', bytes('v'));
  const keys: string[] = [];
  for await (const { key } of two.entries('a')) keys.push(key);
  expect(keys).toEqual(['l']);
  expect(await two.get('a', 'k')).toBeUndefined();
});

it('removes what was cleared when it comes upon it', async () => {
  const map = new Map<string, string>();
  const store = createKeyvStore(map);
  for (const key of ['k', 'l', 'm']) await store.set('a', key, bytes('v', { tags: ['t'] }));
  await store.clear('a', 't');
  expect(entryKeys(map)).toHaveLength(3);
  await store.get('a', 'k');
  expect(entryKeys(map)).toHaveLength(2);
  for await (const _ of store.entries('a')) expect.unreachable();
  expect(entryKeys(map)).toHaveLength(0);
  expect(store.stats()).toMatchObject({ entries: 0, bytes: 0 });
});

it('never brings cleared entries back, whatever the Keyv store loses', async () => {
  const map = new Map<string, string>();
  const store = createKeyvStore(map);
  await store.set('a', 'k', bytes('v'));
  await store.clear('a');
  for (const key of map.keys()) if (key.startsWith('core-cache-space-')) map.delete(key);
  expect(await store.get('a', 'k')).toBeUndefined();
  await store.set('a', 'l', bytes('v'));
  expect(await store.get('a', 'k')).toBeUndefined();
  expect(await store.get('a', 'l')).toBeDefined();
});

it.each<[string, (text: string) => unknown]>([
  ['cut off', (text) => text.slice(0, -3)],
  ['changed', (text) => text.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
  ['no text', () => ({ value: 1 })],
  ['empty', () => ''],
])('drops an entry that is %s and says so once', async (_, damage) => {
  const map = new Map<string, unknown>();
  const store = createKeyvStore(map);
  await store.set('a', 'k', bytes('value of some length'));
  const [key = ''] = entryKeys(map as Map<string, string>);
  map.set(key, damage(String(map.get(key))));
  await expect(store.get('a', 'k')).rejects.toMatchObject({ code: 'CACHE_ENTRY_CORRUPT' });
  expect(await store.get('a', 'k')).toBeUndefined();
  expect(store.stats().corrupt).toBe(1);
});

it('serves no entry that lies under another key', async () => {
  const map = new Map<string, string>();
  const store = createKeyvStore(map);
  await store.set('a', 'k', bytes('of k'));
  const [ofK = ''] = entryKeys(map);
  await store.set('a', 'l', bytes('of l'));
  const ofL = entryKeys(map).find((key) => key !== ofK) ?? '';
  map.set(ofL, map.get(ofK) ?? '');
  await expect(store.get('a', 'l')).rejects.toMatchObject({ code: 'CACHE_ENTRY_CORRUPT' });
});

it('fails with what the Keyv store says, and with what it refuses', async () => {
  const cause = new Error('down');
  const map = new Map<string, string>();
  const broken = { get: () => Promise.reject(cause), set: map.set.bind(map), delete: () => true };
  const failing = createKeyvStore(broken);
  await expect(failing.open()).rejects.toMatchObject({ code: 'CACHE_STORE_FAILED', cause, retryable: true });
  const refusing = createKeyvStore({ get: () => undefined, set: () => false, delete: () => true });
  await expect(refusing.set('a', 'k', bytes('v'))).rejects.toMatchObject({ code: 'CACHE_STORE_FAILED' });
});

it('waits for a Keyv store that never answers no longer than it is told to', async () => {
  const silent: KeyvStoreLike = {
    get: () => new Promise(() => {}),
    set: () => new Promise(() => {}),
    delete: () => new Promise(() => {}),
    disconnect: () => new Promise(() => {}),
  };
  const store = createKeyvStore(silent, { timeoutMs: 5 });
  await expect(store.get('a', 'k')).rejects.toMatchObject({ code: 'CACHE_STORE_UNAVAILABLE' });
  await expect(store.set('a', 'k', bytes('v'))).rejects.toMatchObject({ code: 'CACHE_STORE_UNAVAILABLE' });
  await expect(store.close()).rejects.toMatchObject({ code: 'CACHE_STORE_UNAVAILABLE' });
});

it('goes on with a key, and with its namespace, after a call for them was never answered', async () => {
  const map = new Map<string, string>();
  let isSilent = false;
  const sometimes = <A extends unknown[], R>(act: (...args: A) => R): ((...args: A) => R | Promise<R>) => {
    return (...args) => (isSilent ? new Promise<R>(() => {}) : act(...args));
  };
  const store = createKeyvStore(
    {
      get: sometimes((key: string) => map.get(key)),
      set: sometimes((key: string, value: string) => map.set(key, value)),
      delete: sometimes((key: string) => map.delete(key)),
    },
    { timeoutMs: 200 },
  );
  isSilent = true;
  const unavailable = { code: 'CACHE_STORE_UNAVAILABLE' };
  await expect(store.set('a', 'k', bytes('lost'))).rejects.toMatchObject(unavailable);
  await expect(store.clear('a')).rejects.toMatchObject(unavailable);
  isSilent = false;
  const isIdle = async (): Promise<boolean> => {
    try {
      await store.flush();
      return true;
    } catch {
      return false;
    }
  };
  await expect.poll(isIdle).toBe(true);
  expect(await store.set('a', 'k', bytes('v'))).toBe(true);
  expect(await store.get('a', 'k')).toMatchObject({ payload: bytes('v').payload });
  await store.close();
});

it('costs a cache nothing but its entries when it fails', async () => {
  const down = { get: () => Promise.reject(new Error('down')), set: () => {}, delete: () => {} };
  const cache = createCache<string>({ shared: createKeyvStore(down) });
  expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
  expect(cache.stats().tiers.find(({ name }) => name === 'keyv')).toMatchObject({ state: 'unavailable' });
  await cache.close();
});

it('hears the errors that a Keyv store emits, until it is closed', async () => {
  class Emitting extends EventEmitter {
    readonly get = (): undefined => undefined;
    readonly set = (): void => {};
    readonly delete = (): boolean => false;
    readonly disconnect = async (): Promise<void> => void this.emit('gone');
  }
  const emitter = new Emitting();
  const store = createKeyvStore(emitter);
  emitter.emit('error', new Error('connection lost'));
  expect(store.stats().notice).toContain('connection lost');
  const gone = once(emitter, 'gone');
  await store.close();
  await gone;
  expect(emitter.listenerCount('error')).toBe(0);
});

it('leaves the Keyv store connected where it is told to, and is closed for good', async () => {
  let isConnected = true;
  const map = Object.assign(new Map<string, string>(), { disconnect: () => (isConnected = false) });
  const store = createKeyvStore(map, { disconnectOnClose: false });
  await store.close();
  expect(isConnected).toBe(true);
  await expect(store.get('a', 'k')).rejects.toSatisfy(CacheError.isInstance);
});

it('refuses what cannot work', () => {
  expect(() => createKeyvStore({ get: () => {} } as never)).toThrow(TypeError);
  expect(() => createKeyvStore(undefined as never)).toThrow(
    'keyvStore must have the method get, got undefined',
  );
  expect(() => createKeyvStore(new Map(), { timeoutMs: 0 })).toThrow(RangeError);
});
