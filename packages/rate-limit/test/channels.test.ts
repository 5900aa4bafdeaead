import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it } from 'vitest';
import { createLimiter } from '../src/limiter.js';
import { MemoryLimitStore } from '../src/shared/memory-limit-store.js';
import { FakeClock, settle } from './support/fake-clock.js';
import { SlowStore } from './support/slow-store.js';

const key = 'k';
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

function listen(name: string): unknown[] {
  const events: unknown[] = [];
  const hear = (event: unknown): void => void events.push(event);
  subscribe(name, hear);
  stops.push(() => unsubscribe(name, hear));
  return events;
}

describe('channels', () => {
  it('tell what becomes of calls', async () => {
    const [queued, granted, refused] = ['queued', 'granted', 'refused'].map((name) =>
      listen(`rate-limit:call:${name}`),
    );
    const clock = new FakeClock();
    const limiter = createLimiter({ clock, limits: { requestsPerMinute: 60 } });
    await limiter.acquire({ key, inputTokens: 3, outputTokens: 4 });
    const second = limiter.acquire({ key, inputTokens: 1, outputTokens: 0, tenant: 't', priority: 2 });
    await clock.advance(1000);
    await second;
    await expect(limiter.acquire({ key, deadlineMs: 1 })).rejects.toThrow();
    expect(queued).toEqual([{ key, tenant: 't', priority: 2, position: 0, expectedWaitMs: 1000 }]);
    expect(granted).toEqual([
      { key, waitedMs: 0, inputTokens: 3, outputTokens: 4 },
      { key, waitedMs: 1000, inputTokens: 1, outputTokens: 0 },
    ]);
    expect(refused).toMatchObject([{ key, error: { code: 'LIMIT_WAIT_TOO_LONG' } }]);
  });

  it('tell of gates and limits, here and elsewhere', async () => {
    const [closed, learned] = [listen('rate-limit:gate:closed'), listen('rate-limit:limit:learned')];
    const clock = new FakeClock();
    const store = new MemoryLimitStore(clock);
    const [one, other] = [1, 2].map(() => createLimiter({ clock, random: () => 0, store }));
    one?.recordRateLimit(key, { 'retry-after': '5', 'x-ratelimit-limit-requests': '60' });
    await settle();
    await other?.tryAcquire({ key });
    const dimension = 'requestsPerMinute';
    expect(learned).toEqual([
      { key, dimension, limit: 60, elsewhere: false },
      { key, dimension, limit: 60, elsewhere: true },
    ]);
    expect(closed).toEqual([
      { key, forMs: 5000, elsewhere: false },
      { key, forMs: 5000, elsewhere: true },
    ]);
  });

  it('tell when the store is lost and when it is back', async () => {
    const changed = listen('rate-limit:store:changed');
    const clock = new FakeClock();
    const store = new SlowStore(new MemoryLimitStore(clock), clock);
    const limiter = createLimiter({ clock, store });
    store.fate = 'refused';
    await limiter.acquire({ key });
    expect(changed).toMatchObject([{ state: 'unavailable', error: { message: 'refused' } }]);
    store.fate = 'arrives';
    await clock.advance(1000);
    expect(changed.at(-1)).toEqual({ state: 'ready' });
  });
});
