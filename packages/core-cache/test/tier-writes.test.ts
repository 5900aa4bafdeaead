import { describe, expect, it } from 'vitest';
import type { Breaker } from '../src/breaker.js';
import type { Store, StoreEntry } from '../src/store.js';
import { TierWrites } from '../src/tier-writes.js';

const entry = {} as StoreEntry<Uint8Array>;

/** A store whose writes end when the test says so. */
function createWrites() {
  const waiting: (() => void)[] = [];
  const write = (): Promise<boolean> => new Promise((resolve) => waiting.push(() => resolve(true)));
  const breaker = { isPaused: false, succeeded: () => undefined };
  const writes = new TierWrites({
    store: { set: write, delete: write } as unknown as Store<Uint8Array>,
    breaker: breaker as unknown as Breaker,
    usable: () => true,
    onFailure: () => undefined,
  });
  const finishOldest = (): void => waiting.shift()?.();
  return { writes, breaker, finishOldest };
}

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
