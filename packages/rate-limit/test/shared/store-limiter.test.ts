import { describe, expect, it } from 'vitest';
import { createLimiter, type SharedLimiter } from '../../src/limiter.js';
import type { SharedLimiterOptions } from '../../src/limiter-options.js';
import { MemoryLimitStore } from '../../src/shared/memory-limit-store.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import { SlowStore } from '../support/slow-store.js';

const key = 'k';

interface Setup {
  readonly clock: FakeClock;
  readonly store: SlowStore;
  /** A limiter of its own for each process. */
  readonly limiters: readonly [SharedLimiter, SharedLimiter];
}

function setup(options: Omit<SharedLimiterOptions, 'store'> = {}): Setup {
  const clock = new FakeClock();
  const store = new SlowStore(new MemoryLimitStore(clock), clock);
  const create = (): SharedLimiter => createLimiter({ clock, random: () => 0.5, store, ...options });
  return { clock, store, limiters: [create(), create()] };
}

describe('an acquire', () => {
  it('takes one round trip, and a settlement none of its own while calls follow each other', async () => {
    const { store, limiters } = setup({ limits: { requestsPerMinute: 60_000, tokensPerMinute: 1e9 } });
    for (let count = 0; count < 10; count++) {
      const lease = await limiters[0].acquire({ key, inputTokens: 10, outputTokens: 10 });
      lease.settle({ inputTokens: 5, outputTokens: 5 });
    }
    expect(store.steps).toHaveLength(10);
    expect(limiters[0].snapshot().keys[key]?.limits.tokensPerMinute?.used).toBe(100);
  });

  it('tells a settlement soon by itself when no other call follows', async () => {
    const { clock, store, limiters } = setup({ limits: { tokensPerMinute: 1e6, maxConcurrent: 9 } });
    (await limiters[0].acquire({ key, inputTokens: 100, outputTokens: 100 })).settle({
      inputTokens: 7,
      outputTokens: 0,
    });
    await clock.advance(20);
    expect(store.steps).toHaveLength(2);
    const seen = await limiters[1].acquire({ key, inputTokens: 1, outputTokens: 0 });
    expect(limiters[1].snapshot().keys[key]).toMatchObject({
      limits: { tokensPerMinute: { used: 8 } },
      concurrency: { used: 1, limit: 9 },
    });
    seen.settle();
    await clock.advance(20);
    expect(store.replies.at(-1)?.openElsewhere).toBe(0);
  });

  it('goes along with others of the same turn', async () => {
    const { store, limiters } = setup({ limits: { requestsPerMinute: 60_000 } });
    await Promise.all(Array.from({ length: 20 }, () => limiters[0].acquire({ key })));
    expect(store.steps).toHaveLength(1);
  });

  it('keeps to one limit in all processes together', async () => {
    const { clock, store, limiters } = setup({
      limits: { requestsPerMinute: 600 },
      queue: { maxWaitMs: 1e9 },
    });
    store.latencyMs = 2;
    let granted = 0;
    for (const limiter of limiters) {
      for (let count = 0; count < 400; count++) {
        void limiter.acquire({ key, inputTokens: 0, outputTokens: 0 }).then((lease) => {
          granted += 1;
          lease.settle();
        });
      }
    }
    await clock.advance(30_000);
    // 10 a second, and a burst of half a second at the start.
    expect(granted).toBeLessThanOrEqual(305);
    expect(granted).toBeGreaterThanOrEqual(300);
  });

  it('holds concurrency over all processes, and gives a place on to another one', async () => {
    const { clock, limiters } = setup({ limits: { maxConcurrent: 2 }, adaptive: false });
    const leases = [await limiters[0].acquire({ key }), await limiters[0].acquire({ key })];
    let waited: number | undefined;
    void limiters[1].acquire({ key }).then((lease) => (waited = lease.waitedMs));
    await clock.advance(3000);
    expect(waited).toBeUndefined();
    leases[0]?.settle();
    await clock.advance(100);
    expect(waited).toBeGreaterThanOrEqual(3000);
    expect(await limiters[1].tryAcquire({ key })).toBeUndefined();
  });

  it('believes for a moment alone that others hold all places: they may have given them back since', async () => {
    const { clock, limiters } = setup({ limits: { maxConcurrent: 2 }, queue: { maxWaitMs: 0 } });
    const held = [await limiters[0].acquire({ key }), await limiters[0].acquire({ key })];
    await expect(limiters[1].acquire({ key })).rejects.toMatchObject({ code: 'LIMIT_WAIT_TOO_LONG' });
    for (const lease of held) lease.settle();
    await clock.advance(1000);
    expect(limiters[1].snapshot().keys[key]?.concurrency).toEqual({ limit: 2, used: 0 });
    (await limiters[1].acquire({ key })).settle();
  });

  it('is refused at once where others hold them still', async () => {
    const { clock, limiters } = setup({ limits: { maxConcurrent: 2 }, queue: { maxWaitMs: 0 } });
    for (let count = 0; count < 2; count++) await limiters[0].acquire({ key });
    await clock.advance(1000);
    await expect(limiters[1].acquire({ key })).rejects.toMatchObject({ code: 'LIMIT_WAIT_TOO_LONG' });
  });
});

describe('tryAcquire', () => {
  it('asks the store, and takes no for an answer', async () => {
    const { limiters } = setup({ limits: { requestsPerMinute: 60, burstMs: 3000 } });
    const tries = await Promise.all(
      limiters.flatMap((limiter) => [1, 2, 3].map(() => limiter.tryAcquire({ key }))),
    );
    expect(tries.filter((lease) => lease !== undefined)).toHaveLength(3);
    expect(limiters[0].snapshot().keys[key]?.queue.depth).toBe(0);
    await expect(limiters[0].acquire({ key, deadlineMs: 0 })).rejects.toMatchObject({
      code: 'LIMIT_WAIT_TOO_LONG',
    });
  });
});

describe('acquireAtOnce', () => {
  it('gives nothing where the store has to be asked', async () => {
    const { limiters } = setup({ limits: { requestsPerMinute: 60 } });
    await limiters[0].acquire({ key });
    expect(limiters[0].acquireAtOnce({ key })).toBeUndefined();
  });
});

describe('a key that was forgotten', () => {
  it('is heard by the store when it comes back', async () => {
    const { clock, store, limiters } = setup({ maxKeys: 2 });
    const call = async (name: string): Promise<void> => {
      (await limiters[0].acquire({ key: name })).settle();
      await clock.advance(20);
    };
    for (let count = 0; count < 5; count++) await call(key);
    for (const other of ['a', 'b', 'c']) await call(other);
    expect(limiters[0].inspect(key)).toBeUndefined();
    const before = store.steps.length;
    expect(await limiters[0].tryAcquire({ key })).toBeDefined();
    expect(store.steps).toHaveLength(before + 1);
  });
});

describe('what one process sees', () => {
  it('closes the gate for all on a 429', async () => {
    const { clock, limiters } = setup({ limits: { requestsPerMinute: 6000 } });
    await limiters[1].acquire({ key });
    expect(limiters[0].recordRateLimit(key, { 'retry-after': '7' })).toBe(7350);
    await settle();
    let waited: number | undefined;
    void limiters[1].acquire({ key }).then((lease) => (waited = lease.waitedMs));
    await clock.advance(7340);
    expect(waited).toBeUndefined();
    expect(limiters[1].snapshot().keys[key]?.gate).toMatchObject({ state: 'closed', reason: 'rate-limit' });
    await clock.advance(30);
    expect(waited).toBeGreaterThan(7300);
  });

  it('teaches limits to all', async () => {
    const { limiters } = setup();
    limiters[0].observe(key, { 'x-ratelimit-limit-requests': '120', 'x-ratelimit-limit-tokens': '5000' });
    await settle();
    await limiters[1].acquire({ key, inputTokens: 1, outputTokens: 1 });
    expect(limiters[1].snapshot().keys[key]).toMatchObject({
      learned: true,
      limits: { requestsPerMinute: { limit: 120 }, tokensPerMinute: { limit: 5000 } },
    });
    await expect(limiters[1].acquire({ key, inputTokens: 5001, outputTokens: 0 })).rejects.toMatchObject({
      code: 'LIMIT_TOO_LARGE',
    });
  });

  it('keeps all from what others have used up, until the provider counts anew', async () => {
    const { clock, limiters } = setup();
    limiters[0].observe(key, {
      'x-ratelimit-limit-requests': '1000',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '62s',
    });
    await settle();
    expect(await limiters[1].tryAcquire({ key })).toBeUndefined();
    await clock.advance(62_000);
    expect(await limiters[1].tryAcquire({ key })).toBeDefined();
    expect(limiters[1].inspect(key)?.limits.requestsPerDay).toMatchObject({ limit: 1000, used: 1 });
  });

  it('goes on with few calls at once in all together while nothing is known', async () => {
    const { limiters } = setup();
    const tries = await Promise.all(
      limiters.flatMap((limiter) => Array.from({ length: 9 }, () => limiter.tryAcquire({ key }))),
    );
    expect(tries.filter((lease) => lease !== undefined)).toHaveLength(10);
  });

  it('holds for all when it is a lower limit', async () => {
    const { limiters } = setup({ limits: { requestsPerMinute: 600, burstMs: 1000 } });
    limiters[0].setLimits(key, { requestsPerMinute: 60, burstMs: 1000 });
    await limiters[0].acquire({ key });
    expect(await limiters[1].tryAcquire({ key })).toBeUndefined();
  });
});

describe('fairness between processes', () => {
  it('does not let small requests of one starve a large one of another', async () => {
    const { clock, limiters } = setup({ limits: { tokensPerMinute: 60_000, burstMs: 1000 } });
    await limiters[0].acquire({ key, inputTokens: 1000, outputTokens: 0 });
    let largeAt: number | undefined;
    void limiters[0]
      .acquire({ key, inputTokens: 30_000, outputTokens: 0 })
      .then(() => (largeAt = clock.now()));
    for (let count = 0; count < 60; count++) {
      void limiters[1].acquire({ key, inputTokens: 50, outputTokens: 0 }).catch(() => undefined);
      await clock.advance(50);
    }
    expect(largeAt).toBeLessThan(1500);
  });

  it('serves the more urgent process first', async () => {
    const { clock, limiters } = setup({ limits: { requestsPerMinute: 60 } });
    await limiters[0].acquire({ key });
    const served: string[] = [];
    void limiters[0].acquire({ key, priority: -1 }).then(() => served.push('low'));
    await settle();
    void limiters[1].acquire({ key, priority: 1 }).then(() => served.push('high'));
    await clock.advance(3000);
    expect(served).toEqual(['high', 'low']);
  });
});

describe('a process that dies', () => {
  it('has its leases taken back after a while, and not before while it lives', async () => {
    const { clock, store, limiters } = setup({ limits: { maxConcurrent: 1 } });
    await limiters[0].acquire({ key });
    await clock.advance(20_000);
    expect(await limiters[1].tryAcquire({ key })).toBeUndefined();
    const dead = createLimiter({ clock, store: new SlowStore(store, clock), limits: { maxConcurrent: 1 } });
    expect(await dead.tryAcquire({ key })).toBeUndefined();
    // From here on nothing of the first is heard.
    const step = store.step.bind(store);
    const gone = store.steps[0]?.process;
    store.step = (name, sent) => (sent.process === gone ? new Promise(() => undefined) : step(name, sent));
    let waited: number | undefined;
    void limiters[1].acquire({ key }).then((lease) => (waited = lease.waitedMs));
    await clock.advance(3000);
    expect(waited).toBeUndefined();
    await clock.advance(4000);
    expect(waited).toBeDefined();
  });
});

describe('close', () => {
  it('takes leave, so that nothing of it is held', async () => {
    const { clock, store, limiters } = setup({ limits: { maxConcurrent: 5 } });
    const lease = await limiters[0].acquire({ key });
    await limiters[0][Symbol.asyncDispose]();
    await limiters[1].acquire({ key });
    expect(store.replies.at(-1)).toMatchObject({ openElsewhere: 1, processes: 2 });
    await expect(limiters[0].acquire({ key })).rejects.toMatchObject({ code: 'LIMIT_CLOSED' });
    lease.settle();
    await clock.advance(100);
    await limiters[1].tryAcquire({ key });
    expect(store.replies.at(-1)).toMatchObject({ openElsewhere: 0, processes: 1 });
    await limiters[1][Symbol.asyncDispose]();
    await limiters[1][Symbol.asyncDispose]();
  });
});
