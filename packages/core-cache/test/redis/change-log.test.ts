import { describe, expect, it } from 'vitest';
import { ChangeLog } from '../../src/redis/change-log.js';

const SEQUENCE_OF_REDIS = 1_795_388_304_745_484;

describe('what was heard of others', () => {
  it('is told once, from the beginning to a reader who comes with a sequence of Redis', () => {
    const log = new ChangeLog();
    log.add({ namespace: 'a', key: 'k' });
    log.add({ namespace: 'a', tag: 't' });
    const first = log.since(SEQUENCE_OF_REDIS);
    expect(first).toEqual({
      cursor: 2,
      isComplete: true,
      keys: [{ namespace: 'a', key: 'k' }],
      clears: [{ namespace: 'a', tag: 't' }],
    });
    log.add({ namespace: 'a', tag: undefined });
    const second = log.since(first.cursor);
    expect(second).toMatchObject({
      isComplete: true,
      keys: [],
      clears: [{ namespace: 'a', tag: undefined }],
    });
    expect(log.since(second.cursor)).toEqual({
      cursor: second.cursor,
      isComplete: true,
      keys: [],
      clears: [],
    });
  });

  it('is said to be incomplete once, after something may have been missed', () => {
    const log = new ChangeLog();
    const { cursor } = log.since(SEQUENCE_OF_REDIS);
    log.add({ namespace: 'a', key: 'before' });
    log.forget();
    log.add({ namespace: 'a', key: 'after' });
    const told = log.since(cursor);
    expect(told.isComplete).toBe(false);
    expect(told.keys).toEqual([{ namespace: 'a', key: 'after' }]);
    expect(log.since(told.cursor).isComplete).toBe(true);
  });

  it('is bounded for a reader who does not come, who is then told so', () => {
    const log = new ChangeLog();
    const { cursor } = log.since(SEQUENCE_OF_REDIS);
    for (let index = 0; index < 25_000; index += 1) log.add({ namespace: 'a', key: `k${index}` });
    const told = log.since(cursor);
    expect(told.isComplete).toBe(false);
    expect(told.keys.length).toBeLessThanOrEqual(10_000);
  });
});
