import { describe, expect, it } from 'vitest';
import type { Breaker } from '../src/breaker.js';
import type { Store, StoreEntry } from '../src/store.js';
import { TierWrites } from '../src/tier-writes.js';

const entry = {} as StoreEntry<Uint8Array>;

/** A store whose writes end when the test says so. */
function createWrites() {
  const waiting: (() => void)[] = [];
  const begun: string[] = [];
  const write = (kind: string) => (): Promise<boolean> => {
    begun.push(kind);
    return new Promise((resolve) => waiting.push(() => resolve(true)));
  };
  const store = { set: write('set'), delete: write('delete'), clear: write('clear') };
  const breaker = { isPaused: false, succeeded: () => undefined };
  const writes = new TierWrites({
    store: store as unknown as Store<Uint8Array>,
    breaker: breaker as unknown as Breaker,
    usable: () => true,
    onFailure: () => undefined,
  });
  const finishOldest = (): void => waiting.shift()?.();
  return { writes, breaker, begun, finishOldest };
}

describe('writes to a tier', () => {
  it('begin in the order in which they were made', async () => {
    const { writes, begun, finishOldest } = createWrites();
    const made = [writes.clear('n', undefined), writes.set('n', 'k', entry, {}), writes.delete('n', 'k')];
    expect(begun).toEqual(['clear', 'set', 'delete']);
    for (const _ of made) finishOldest();
    await Promise.all(made);
  });
});

describe('a write that a tier has missed', () => {
  it('hides its key until a newer one has come, not until an older one is done', async () => {
    const { writes, breaker, finishOldest } = createWrites();
    const older = writes.set('n', 'k', entry, {});
    breaker.isPaused = true;
    expect(await writes.delete('n', 'k')).toBeUndefined();
    finishOldest();
    expect(await older).toBe(true);
    expect(writes.hides('n', 'k', [])).toBe(true);

    breaker.isPaused = false;
    const newer = writes.set('n', 'k', entry, {});
    finishOldest();
    expect(await newer).toBe(true);
    expect(writes.hides('n', 'k', [])).toBe(false);
  });
});
