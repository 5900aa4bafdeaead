import assert from 'node:assert/strict';
import type { Store, StoreEntry, StoreSummary } from '../store.js';

/** What the suite needs to know about a kind of store. */
export interface StoreHarness<P> {
  /** A new, empty store, not opened yet. It need not hold more than a mebibyte. */
  create(): Promise<Store<P>> | Store<P>;
  /** A payload that can be told from others by its text. */
  payload(text: string): P;
  /** The text back from a payload that the store returned. */
  text(payload: P): string;
}

/** One behaviour of the contract; `run` rejects with an `AssertionError` if the store violates it. */
export interface ConformanceCase {
  readonly name: string;
  run(): Promise<void>;
}

type Check<P> = (
  store: Store<P>,
  make: (text: string, part?: Partial<StoreEntry<P>>) => StoreEntry<P>,
) => Promise<void>;

/**
 * The `Store` contract as runnable checks, for any test runner:
 *
 * ```ts
 * for (const { name, run } of storeConformance(harness)) it(name, run);
 * ```
 */
export function storeConformance<P>(harness: StoreHarness<P>): readonly ConformanceCase[] {
  const make = (text: string, part: Partial<StoreEntry<P>> = {}): StoreEntry<P> => ({
    payload: harness.payload(text),
    codec: 'conformance',
    size: text.length,
    createdAt: 1_900_000_000_000,
    expiresAt: Number.POSITIVE_INFINITY,
    retainUntil: Number.POSITIVE_INFINITY,
    negative: false,
    tags: [],
    ...part,
  });
  const textOf = async (store: Store<P>, namespace: string, key: string): Promise<string | undefined> => {
    const entry = await store.get(namespace, key);
    return entry === undefined ? undefined : harness.text(entry.payload);
  };
  const keysOf = async (store: Store<P>, namespace: string): Promise<string[]> =>
    (await listAll(store, namespace)).map((summary) => summary.key).sort();

  const checks: Readonly<Record<string, Check<P>>> = {
    'returns undefined for a key that was never set': async (store) => {
      assert.equal(await store.get('a', 'missing'), undefined);
    },
    'returns every field of what was set': async (store, entry) => {
      const times = { createdAt: 1.5, expiresAt: 1e15, retainUntil: 2e15 };
      await store.set('a', 'k', entry('value', { ...times, tags: ['x', 'ü'], negative: true }));
      const found = await store.get('a', 'k');
      assert.ok(found !== undefined);
      assert.equal(harness.text(found.payload), 'value');
      assert.equal(found.codec, 'conformance');
      assert.equal(found.size, 5);
      assert.deepEqual(
        { createdAt: found.createdAt, expiresAt: found.expiresAt, retainUntil: found.retainUntil },
        times,
      );
      assert.deepEqual([...found.tags], ['x', 'ü']);
      assert.equal(found.negative, true);
    },
    'keeps infinite times': async (store, entry) => {
      await store.set('a', 'k', entry('v'));
      const found = await store.get('a', 'k');
      assert.equal(found?.expiresAt, Number.POSITIVE_INFINITY);
      assert.equal(found?.retainUntil, Number.POSITIVE_INFINITY);
    },
    'replaces an entry': async (store, entry) => {
      await store.set('a', 'k', entry('old', { tags: ['t'] }));
      await store.set('a', 'k', entry('new'));
      assert.equal(await textOf(store, 'a', 'k'), 'new');
      await store.clear('a', 't');
      assert.equal(await textOf(store, 'a', 'k'), 'new', 'a replaced entry leaves none of its tags behind');
      assert.equal(store.stats().entries, 1);
    },
    'reads its own writes before they are settled': async (store, entry) => {
      const writing = store.set('a', 'k', entry('v'));
      assert.equal(await textOf(store, 'a', 'k'), 'v');
      await writing;
      const deleting = store.delete('a', 'k');
      assert.equal(await textOf(store, 'a', 'k'), undefined);
      await deleting;
    },
    'applies writes to a key in the order they were made': async (store, entry) => {
      await Promise.all(['1', '2', '3'].map(async (text) => store.set('a', 'k', entry(text))));
      assert.equal(await textOf(store, 'a', 'k'), '3');
    },
    'takes any string as a key': async (store, entry) => {
      const keys = [
        '',
        ' ',
        'ü',
        '\u0000',
        'a\u0000b',
        '1:a:k',
        '#',
        ':',
        '\ud800',
        '\udfff',
        'x'.repeat(5000),
        `${'x'.repeat(5000)}y`,
      ];
      for (const [index, key] of keys.entries()) await store.set('a', key, entry(`value ${index}`));
      for (const [index, key] of keys.entries())
        assert.equal(await textOf(store, 'a', key), `value ${index}`);
      assert.deepEqual(await keysOf(store, 'a'), [...keys].sort());
    },
    'keeps namespaces apart, also those that look alike': async (store, entry) => {
      const names = ['a', 'aa', 'a:a', '1:a', 'a#', 'ä'];
      for (const name of names) await store.set(name, 'a:k', entry(name));
      for (const name of names) assert.equal(await textOf(store, name, 'a:k'), name);
      await store.clear('a');
      assert.equal(await textOf(store, 'a', 'a:k'), undefined);
      for (const name of names.slice(1)) assert.equal(await textOf(store, name, 'a:k'), name);
    },
    'deletes, and says whether there was something': async (store, entry) => {
      await store.set('a', 'k', entry('v'));
      assert.equal(await store.delete('a', 'k'), true);
      assert.equal(await store.get('a', 'k'), undefined);
      assert.equal(await store.delete('a', 'k'), false);
      assert.equal(store.stats().entries, 0);
    },
    'forgets a cleared namespace and takes new entries into it': async (store, entry) => {
      await store.set('a', 'old', entry('v'));
      await store.clear('a');
      assert.equal(await store.get('a', 'old'), undefined);
      assert.equal(await store.delete('a', 'old'), false);
      await store.set('a', 'new', entry('v'));
      assert.deepEqual(await keysOf(store, 'a'), ['new']);
    },
    'forgets what carries a cleared tag, in that namespace only': async (store, entry) => {
      await store.set('a', 'both', entry('v', { tags: ['t', 'u'] }));
      await store.set('a', 'other', entry('v', { tags: ['u'] }));
      await store.set('a', 'none', entry('v'));
      await store.set('b', 'both', entry('v', { tags: ['t'] }));
      await store.clear('a', 't');
      assert.equal(await store.get('a', 'both'), undefined);
      assert.equal(await textOf(store, 'b', 'both'), 'v');
      assert.deepEqual(await keysOf(store, 'a'), ['none', 'other']);
      await store.set('a', 'both', entry('again', { tags: ['t'] }));
      assert.equal(await textOf(store, 'a', 'both'), 'again');
    },
    'drops a write whose namespace was cleared since its beginning': async (store, entry) => {
      const since = await store.sequence();
      await store.clear('a');
      assert.equal(await store.set('a', 'k', entry('v'), { since }), false);
      assert.equal(await store.get('a', 'k'), undefined);
      assert.equal(await store.set('b', 'k', entry('v'), { since }), true);
    },
    'drops a write one of whose tags was cleared since its beginning': async (store, entry) => {
      const since = await store.sequence();
      await store.clear('a', 't');
      assert.equal(await store.set('a', 'k', entry('v', { tags: ['s', 't'] }), { since }), false);
      assert.equal(await store.set('a', 'l', entry('v', { tags: ['s'] }), { since }), true);
    },
    'keeps a newer entry against a write that began before it': async (store, entry) => {
      const since = await store.sequence();
      await store.set('a', 'k', entry('newer'));
      assert.equal(await store.set('a', 'k', entry('older'), { since }), false);
      assert.equal(await textOf(store, 'a', 'k'), 'newer');
      assert.equal(await store.set('a', 'k', entry('newest'), { since: await store.sequence() }), true);
      assert.equal(await textOf(store, 'a', 'k'), 'newest');
    },
    'lists entries without their values': async (store, entry) => {
      const times = { createdAt: 1, expiresAt: 1e15, retainUntil: 2e15 };
      await store.set('a', 'k', entry('value', { tags: ['t'], ...times }));
      const expected = { namespace: 'a', key: 'k', size: 5, ...times };
      assert.deepEqual(await listAll(store, 'a'), [{ ...expected, negative: false, tags: ['t'] }]);
    },
    'lists many entries, each once': async (store, entry) => {
      const keys = Array.from({ length: 700 }, (_, index) => `key ${index}`);
      await Promise.all(keys.map(async (key) => store.set('a', key, entry(key))));
      assert.deepEqual(await keysOf(store, 'a'), keys.sort());
    },
    'counts entries and bytes, and stays within its bound': async (store, entry) => {
      await store.set('a', 'k', entry('v'));
      const { entries, bytes, maxBytes } = store.stats();
      assert.equal(entries, 1);
      assert.ok(bytes > 0 && bytes <= maxBytes, `${bytes} of ${maxBytes} bytes`);
    },
    'gives one owner at a time the lease of a key, if it has leases': async (store) => {
      if (store.lease === undefined || store.release === undefined) return;
      assert.equal(await store.lease('a', 'k', 'one', 60_000), true);
      assert.equal(await store.lease('a', 'k', 'two', 60_000), false);
      assert.equal(await store.lease('a', 'k', 'one', 60_000), true, 'the holder may prolong');
      assert.equal(await store.lease('b', 'k', 'two', 60_000), true);
      await store.release('a', 'k', 'two');
      assert.equal(await store.lease('a', 'k', 'two', 60_000), false, 'only the holder may release');
      await store.release('a', 'k', 'one');
      assert.equal(await store.lease('a', 'k', 'two', 60_000), true);
    },
    'tells what others changed, if it tells': async (store, entry) => {
      if (store.changes === undefined) return;
      const cursor = await store.sequence();
      const none = await store.changes(cursor);
      assert.deepEqual(none, { cursor, isComplete: true, keys: [], clears: [] });
      await store.set('a', 'k', entry('v'));
      const own = await store.changes(cursor);
      assert.deepEqual(own.keys, [], 'what this user of the store did is not news to it');
      assert.deepEqual(await store.changes(own.cursor), { ...none, cursor: own.cursor });
    },
    'closes twice without complaint': async (store, entry) => {
      await store.set('a', 'k', entry('v'));
      await store.flush();
      await store.close();
      await store.close();
    },
  };

  return Object.entries(checks).map(([name, check]) => ({
    name,
    async run(): Promise<void> {
      const store = await harness.create();
      await store.open();
      try {
        await check(store, make);
      } finally {
        await store.close();
      }
    },
  }));
}

async function listAll<P>(store: Store<P>, namespace: string): Promise<StoreSummary[]> {
  const summaries: StoreSummary[] = [];
  for await (const summary of store.entries(namespace)) summaries.push(summary);
  return summaries;
}
