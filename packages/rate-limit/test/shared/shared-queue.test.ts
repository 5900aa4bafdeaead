import { describe, expect, it } from 'vitest';
import { createLimiter, type SharedLimiter } from '../../src/limiter.js';
import type { SharedLimiterOptions } from '../../src/limiter-options.js';
import { MemoryLimitStore } from '../../src/shared/memory-limit-store.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import { SlowStore } from '../support/slow-store.js';

const key = 'k';

function setup(options: Omit<SharedLimiterOptions, 'store'> = {}) {
  const clock = new FakeClock();
  const store = new SlowStore(new MemoryLimitStore(clock), clock);
  const create = (): SharedLimiter => createLimiter({ clock, random: () => 0.5, store, ...options });
  return { clock, store, limiter: create(), other: create() };
}

describe('a queue in front of a store', () => {
  it('tells those who have to wait, and only those, with those of other processes counted in the wait', async () => {
    const { limiter, other } = setup({ limits: { requestsPerMinute: 60 } });
    const places: unknown[] = [];
    const onQueued = (place: unknown): void => void places.push(place);
    await limiter.acquire({ key, onQueued });
    expect(places).toEqual([]);
    void limiter.acquire({ key, onQueued });
    void limiter.acquire({ key, onQueued });
    await settle();
    expect(places).toHaveLength(2);
    expect(places[1]).toMatchObject({ position: 1 });
    expect(await other.tryAcquire({ key })).toBeUndefined();
    // Two of the first process are waiting already.
    await expect(other.acquire({ key, deadlineMs: 2500 })).rejects.toMatchObject({
      code: 'LIMIT_WAIT_TOO_LONG',
      retryAfterMs: 3000,
    });
  });

  it('is bounded once there is one', async () => {
    const { limiter } = setup({ limits: { requestsPerMinute: 60 }, queue: { maxLength: 3, maxWaitMs: 1e9 } });
    const calls = Array.from({ length: 10 }, () =>
      limiter.acquire({ key }).then(
        () => 'in',
        ({ code }) => code as string,
      ),
    );
    await settle();
    expect(limiter.snapshot().keys[key]?.queue.depth).toBe(3);
    await expect(limiter.acquire({ key })).rejects.toMatchObject({ code: 'LIMIT_QUEUE_FULL' });
    void limiter.acquire({ key, priority: 1 }).catch(() => undefined);
    limiter.close();
    const ends = await Promise.all(calls);
    expect(ends.filter((end) => end === 'in')).toHaveLength(1);
    expect(ends.filter((end) => end === 'LIMIT_QUEUE_FULL')).toHaveLength(6);
    expect(ends.filter((end) => end === 'LIMIT_SHED')).toHaveLength(1);
    expect(ends.filter((end) => end === 'LIMIT_CLOSED')).toHaveLength(2);
  });

  it('lets nobody wait where it has no length', async () => {
    const { limiter } = setup({ limits: { requestsPerMinute: 60 }, queue: { maxLength: 0 } });
    await limiter.acquire({ key });
    await expect(limiter.acquire({ key })).rejects.toMatchObject({ retryable: true });
    expect(limiter.snapshot().keys[key]?.queue.depth).toBe(0);
  });

  it('gives back what was granted to one who left meanwhile', async () => {
    const { clock, store, limiter } = setup({ limits: { requestsPerMinute: 60, maxConcurrent: 1 } });
    store.latencyMs = 20;
    const controller = new AbortController();
    const reason = new Error('left');
    const call = limiter.acquire({ key, signal: controller.signal }).catch((error: unknown) => error);
    await clock.advance(30);
    controller.abort(reason);
    expect(await call).toBe(reason);
    await clock.advance(100);
    const next = limiter.acquire({ key });
    await clock.advance(40);
    expect((await next).waitedMs).toBe(40);
    expect(limiter.snapshot().keys[key]).toMatchObject({
      limits: { requestsPerMinute: { used: 1 } },
      concurrency: { used: 1 },
    });
  });

  it('passes on what a callback throws to its own caller, and to nobody else', async () => {
    const { limiter } = setup({ limits: { requestsPerMinute: 60 } });
    await limiter.acquire({ key });
    const bad = limiter.acquire({
      key,
      onQueued: () => {
        throw new Error('mine');
      },
    });
    const good = limiter.acquire({ key });
    await expect(bad).rejects.toThrow('mine');
    await settle();
    expect(limiter.snapshot()).toMatchObject({ store: 'ready', keys: { [key]: { queue: { depth: 1 } } } });
    limiter.close();
    await expect(good).rejects.toMatchObject({ code: 'LIMIT_CLOSED' });
  });

  it('shares a key between tenants and serves by priority as without a store', async () => {
    const { clock, limiter } = setup({ limits: { requestsPerMinute: 60 } });
    await limiter.acquire({ key });
    const served: string[] = [];
    for (const [name, tenant, priority] of [
      ['a1', 'a', 0],
      ['a2', 'a', 0],
      ['a3', 'a', 0],
      ['b1', 'b', 0],
      ['b2', 'b', 0],
      ['urgent', 'a', 2],
    ] as const) {
      void limiter.acquire({ key, tenant, priority }).then((lease) => {
        served.push(name);
        lease.settle();
      });
    }
    await clock.advance(10_000);
    expect(served).toEqual(['urgent', 'b1', 'a1', 'b2', 'a2', 'a3']);
  });

  it('is shared where waiting makes no one more urgent', async () => {
    const queue = { ageingMs: Number.POSITIVE_INFINITY };
    const { store, limiter, other } = setup({ limits: { maxConcurrent: 1 }, queue });
    await limiter.acquire({ key });
    expect(await other.tryAcquire({ key, priority: Number.MAX_SAFE_INTEGER })).toBeUndefined();
    const ages = store.steps.flatMap(({ demands }) => demands.map(([, , ageMs]) => ageMs));
    expect(ages).toEqual([0, expect.any(Number)]);
    expect(ages.every(Number.isFinite)).toBe(true);
  });

  it('goes on where it was after a gate closed and opened', async () => {
    const { clock, limiter, other } = setup({ limits: { requestsPerMinute: 600 } });
    await limiter.acquire({ key });
    limiter.recordRateLimit(key, { 'retry-after': '3' });
    await settle();
    const hasty = other.acquire({ key, deadlineMs: 1000 });
    await expect(hasty).rejects.toMatchObject({ code: 'LIMIT_WAIT_TOO_LONG' });
    const patient = [limiter, other].map((one) => one.acquire({ key }));
    await clock.advance(4000);
    for (const lease of await Promise.all(patient)) expect(lease.waitedMs).toBeGreaterThanOrEqual(3000);
    expect(clock.timers).toBeLessThanOrEqual(4);
  });
});
