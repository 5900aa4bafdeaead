import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WriteOperation } from '../../src/disk/write-operation.js';
import { WriteQueue } from '../../src/disk/write-queue.js';

const someBytes = 64 * 2 ** 20;
const release = (owner: string): WriteOperation => ({ kind: 'release', physical: 'key', owner });

/** A queue and the sizes of the batches that it has committed. */
function newQueue(): { readonly queue: WriteQueue; readonly batches: number[] } {
  const batches: number[] = [];
  const queue = new WriteQueue(someBytes, async (batch) => {
    batches.push(batch.length);
    return batch.map(() => true);
  });
  return { queue, batches };
}

describe('writes that may wait', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  /** Turns of the event loop, in which nothing but timers could hold a batch back. */
  async function turns(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  it('are committed together when the first of them has waited long enough', async () => {
    const { queue, batches } = newQueue();
    void queue.add(release('a'), 20);
    await turns();
    vi.advanceTimersByTime(15);
    void queue.add(release('b'), 20);
    await turns();
    expect(batches).toEqual([]);
    vi.advanceTimersByTime(5);
    await turns();
    expect(batches).toEqual([2]);
  });

  it('are committed at once when enough of them wait', async () => {
    const { queue, batches } = newQueue();
    for (let count = 0; count < 64; count++) {
      await turns();
      expect(batches).toEqual([]);
      void queue.add(release(String(count)), 20);
    }
    await turns();
    expect(batches).toEqual([64]);
  });

  it('are committed with one that may not, in the order in which they came', async () => {
    const { queue, batches } = newQueue();
    const ended: string[] = [];
    const waiting = queue.add(release('may'), 20).then(() => ended.push('may'));
    await turns();
    await queue.add(release('may not')).then(() => ended.push('may not'));
    await waiting;
    expect(batches).toEqual([2]);
    expect(ended).toEqual(['may', 'may not']);
  });

  it('are committed when somebody waits for the queue to be idle', async () => {
    const { queue, batches } = newQueue();
    void queue.add(release('a'), 20);
    await turns();
    await queue.idle();
    expect(batches).toEqual([1]);
  });
});
