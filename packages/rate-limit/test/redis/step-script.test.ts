import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import fc from 'fast-check';
import { createClient } from 'redis';
import { expect, it } from 'vitest';
import { RedisLimitStore } from '../../src/redis/redis-limit-store.js';
import { resolveRedisOptions } from '../../src/redis/redis-options.js';
import { stepScript } from '../../src/redis/step-script.js';
import type { LimitStore, StepReply } from '../../src/shared/limit-store.js';
import { MemoryLimitStore } from '../../src/shared/memory-limit-store.js';
import { FakeClock } from '../support/fake-clock.js';
import { randomSteps, type ScriptedStep } from '../support/steps.js';

/** The script for a clock that the test sets. */
const script = stepScript(`local function clock() return tonumber(redis.call('GET', 'clock')) end`);

async function play(
  store: LimitStore,
  key: string,
  steps: readonly ScriptedStep[],
  advance: (ms: number) => Promise<unknown>,
): Promise<StepReply[]> {
  const replies: StepReply[] = [];
  for (const [sequence, { gapMs, step: scripted }] of steps.entries()) {
    await advance(gapMs);
    const { knowsEpoch, ...step } = scripted;
    const epoch = knowsEpoch ? replies.at(-1)?.epoch : 'another';
    replies.push(await store.step(key, { ...step, sequence, ...(epoch !== undefined && { epoch }) }));
  }
  return replies;
}

/** Equal but for rounding, and for the names of epochs. */
function expectAlike(one: unknown, other: unknown, path: string): void {
  if (typeof one === 'number' && typeof other === 'number') {
    const difference = Math.abs(one - other) / Math.max(1, Math.abs(one), Math.abs(other));
    expect(difference, `${path}: ${one} and ${other}`).toBeLessThan(1e-7);
  } else if (typeof one === 'object' && one !== null && typeof other === 'object' && other !== null) {
    expect(Object.keys(one).sort(), path).toEqual(Object.keys(other).sort());
    for (const [name, value] of Object.entries(one)) {
      if (name !== 'epoch') expectAlike(value, Reflect.get(other, name), `${path}.${name}`);
    }
  } else expect(one, path).toBe(other);
}

describeWithRedis('the script for Redis', () => {
  it('does what the counts in memory do, step for step', async () => {
    await using redis = await TestRedis.start();
    const client = await createClient({ url: redis.url }).connect();
    const options = resolveRedisOptions({ url: redis.url, timeoutMs: 10_000 });
    const store = new RedisLimitStore(options, script);
    let keys = 0;
    try {
      await fc.assert(
        fc.asyncProperty(randomSteps(40), async (steps) => {
          const key = `k${keys++}`;
          let now = 1_700_000_000_000;
          await client.set('clock', now);
          const inRedis = await play(store, key, steps, (ms) => {
            now += ms;
            return client.set('clock', now);
          });
          const clock = new FakeClock();
          const memory = new MemoryLimitStore(clock);
          const inMemory = await play(memory, key, steps, async (ms) => clock.advance(ms));
          expectAlike(inRedis, inMemory, 'reply');
        }),
        { numRuns: 200 },
      );
    } finally {
      client.destroy();
      await store.close();
    }
  });
});
