import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { describe, expect, it } from 'vitest';
import { createLimitHost, type LimitHost } from '../../src/host/index.js';
import { createLimiter } from '../../src/limiter.js';
import { redisLimitStore } from '../../src/redis/index.js';
import type { LimitStore } from '../../src/shared/limit-store.js';
import { type RunningScript, runScript } from '../support/run-script.js';

const PER_SECOND = 60;
const limits = { requestsPerMinute: 60 * PER_SECOND, burstMs: 250, maxConcurrent: 40 };
/**
 * No outage is looked at here. A process whose store is silent goes on with its share, beside others that still have all of the limit: on
 * a busy machine, which starts processes slowly, a short patience made some that were alone.
 */
const STORE_TIMEOUT_MS = 15_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface World extends AsyncDisposable {
  start(...args: string[]): RunningScript;
  readonly store: LimitStore;
}

/** Four processes with 50 callers each; one of them is killed while it has calls open. */
async function fourProcesses(world: World): Promise<void> {
  // A provider with a burst of a second, whose answers take a while.
  await using provider = await createSimulator({
    limits: { requestsPerMinute: limits.requestsPerMinute, burstMs: 1000, announce: false },
    rememberRequests: 0,
    tokensPerSecond: 20,
  });
  const arrived = (): number => provider.stats().requests + provider.stats().inFlight;
  const args = [provider.url, JSON.stringify(limits), '50', `${STORE_TIMEOUT_MS}`];
  const scripts = [1, 2, 3, 4].map(() => world.start(...args));
  await Promise.all(scripts.map((script) => script.line('ready')));
  for (const script of scripts) script.tell('go');
  // Connections are made, and the burst of the beginning is used up.
  await expect.poll(() => provider.stats().requests, { timeout: 10_000 }).toBeGreaterThan(2 * PER_SECOND);
  const before = arrived();
  const startedAt = performance.now();
  await pause(2000);
  const [killed, ...others] = scripts;
  killed?.process.kill('SIGKILL');
  await killed?.ended;
  await pause(3000);
  const elapsedMs = performance.now() - startedAt;
  const made = arrived() - before;
  for (const script of others) script.tell('stop');
  const results = await Promise.all(others.map(async (script) => JSON.parse(await script.line('done '))));
  for (const script of others) expect(await script.ended).toBe(0);
  // What reached the provider, against what it allows. The benchmark shows 95 % and more; here the machine is busy with other tests.
  expect(made).toBeGreaterThan(0.5 * (elapsedMs / 1000) * PER_SECOND);
  expect(provider.stats().rateLimited).toBe(0);
  // It notices the end of a call later than the caller, when others may have begun: on a busy machine a good many. Each process by
  // itself would have 50 of them open, and all together 200.
  expect(provider.stats().maxInFlight).toBeLessThanOrEqual(1.5 * limits.maxConcurrent);
  for (const { rejections, answers, snapshot } of results) {
    expect(rejections).toBe(0);
    expect(answers).toBeGreaterThan(0);
    expect(snapshot.store).toBe('ready');
  }
  // Everything is given back: a newcomer sees nobody else's leases, at the latest when the dead one's time is over.
  await using newcomer = createLimiter({ store: world.store, limits });
  const open = async (): Promise<number> => {
    (await newcomer.acquire({ key: 'provider' })).release();
    return (newcomer.snapshot().keys.provider?.concurrency.used ?? 0) as number;
  };
  await expect.poll(open, { timeout: 10_000, interval: 100 }).toBe(0);
}

describeWithRedis('four processes on one Redis', () => {
  it('use all of one limit, exceed it never, and survive the death of one', { timeout: 60_000 }, async () => {
    await using redis = await TestRedis.start();
    const store = redisLimitStore({ url: redis.url, timeoutMs: STORE_TIMEOUT_MS });
    await using world: World = {
      start: (...args) => runScript('call-provider.ts', ...args, redis.url),
      store,
      [Symbol.asyncDispose]: () => store.close(),
    };
    await fourProcesses(world);
  });
});

describe('four workers of one host', () => {
  it('use all of one limit, exceed it never, and survive the death of one', { timeout: 60_000 }, async () => {
    await using host: LimitHost = createLimitHost();
    await fourProcesses({
      start: (...args) => {
        const script = runScript('call-provider.ts', ...args);
        host.attach(script.process);
        return script;
      },
      store: host.store,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  });
});
