import { expect, it } from 'vitest';
import { createCache, type StoreChanges } from '../src/index.js';
import { FailingStore } from './support/failing-store.js';
import { FakeClock } from './support/fake-clock.js';
import { temporaryDirectory } from './support/temporary-directory.js';

/** Can be told that it missed something. */
class ForgetfulStore extends FailingStore {
  isComplete = true;

  changes(cursor: number): StoreChanges {
    const { isComplete } = this;
    this.isComplete = true;
    return { cursor, isComplete, keys: [], clears: [] };
  }
}

async function create() {
  const store = new ForgetfulStore();
  const clock = new FakeClock();
  const disk = { path: await temporaryDirectory() };
  const here = createCache<string>({ memory: false, disk, shared: store, clock });
  const there = createCache<string>({ memory: false, shared: store, clock });
  await here.ready();
  return { store, clock, here, there };
}

it('compares what a disk kept while changes below it were missed', async () => {
  const { store, clock, here, there } = await create();
  for (const key of ['same', 'replaced', 'deleted']) await here.set(key, 'old');
  clock.advance(10);
  // Nothing tells of these.
  await there.set('replaced', 'new');
  await there.delete('deleted');
  expect(await here.get('replaced')).toBe('old');
  store.isComplete = false;
  clock.advance(100);
  expect(await here.get('replaced')).toBe('new');
  expect(await here.get('deleted')).toBeUndefined();
  expect(await here.lookup('same')).toMatchObject({ value: 'old', tier: 'disk' });
  const { calls } = store;
  expect(await here.lookup('same')).toMatchObject({ value: 'old', tier: 'disk' });
  expect(store.calls).toBe(calls);
  await Promise.all([here.close(), there.close()]);
});

it('serves what a disk kept as long as it cannot be compared', async () => {
  const { store, clock, here, there } = await create();
  await here.set('k', 'old');
  await there.delete('k');
  store.isComplete = false;
  clock.advance(100);
  store.fails = true;
  expect(await here.get('k')).toBe('old');
  store.fails = false;
  expect(await here.get('k')).toBeUndefined();
  await Promise.all([here.close(), there.close()]);
});
