import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { createLimiter } from '@ai-toolkit/rate-limit';
import { expect, it } from 'vitest';
import { createKeyring, type GatewayKey, KeyGate, type Keyring } from '../../src/index.js';
import { redisKeyStore } from '../../src/redis/index.js';
import { createScratch } from '../support/scratch.js';

interface Machines extends AsyncDisposable {
  readonly redis: TestRedis;
  /** A keyring of one more machine, with a folder of its own. */
  machine(lookEveryMs?: number): Promise<Keyring>;
}

async function createMachines(): Promise<Machines> {
  const stack = new AsyncDisposableStack();
  const redis = stack.use(await TestRedis.start());
  return {
    redis,
    async machine(lookEveryMs = 20) {
      const scratch = stack.use(await createScratch());
      const shared = redisKeyStore({ url: redis.url });
      const keyring = stack.use(createKeyring({ path: scratch.path, shared, lookEveryMs }));
      await keyring.ready();
      return keyring;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

describeWithRedis('keyrings of machines on one Redis', () => {
  it('know the same keys, and a revocation, soon', async () => {
    await using machines = await createMachines();
    const [a, b] = [await machines.machine(), await machines.machine()];
    const { secret, key } = await a.create({ name: 'team' });
    expect(a.verify(secret)?.id).toBe(key.id);
    await expect.poll(() => b.verify(secret)?.id).toBe(key.id);
    expect(await b.list()).toMatchObject([{ id: key.id, name: 'team' }]);
    await b.revoke('team');
    expect(b.verify(secret)).toBeUndefined();
    await expect.poll(() => a.verify(secret)).toBeUndefined();
    await expect(a.revoke(key.id)).rejects.toMatchObject({ code: 'KEYS_NOT_FOUND' });
  });

  it('keep the keys of a folder on its machine', async () => {
    await using machines = await createMachines();
    await using scratch = await createScratch();
    await using alone = createKeyring({ path: scratch.path });
    const { secret, key } = await alone.create({ name: 'of the folder', budget: { usd: 1 } });
    const shared = redisKeyStore({ url: machines.redis.url });
    await using here = createKeyring({ path: scratch.path, shared, lookEveryMs: 0 });
    await here.ready();
    const elsewhere = await machines.machine();
    expect(here.verify(secret)?.id).toBe(key.id);
    expect(elsewhere.verify(secret)).toBeUndefined();
    await here.create({ name: 'of all' });
    expect((await here.list()).map(({ name }) => name).sort()).toEqual(['of all', 'of the folder']);
    await here.revoke('of the folder');
    expect(here.verify(secret)).toBeUndefined();
  });

  it('stay good while Redis is away; new ones cannot be made meanwhile', async () => {
    await using machines = await createMachines();
    const keyring = await machines.machine();
    const { secret } = await keyring.create({ name: 'team' });
    await machines.redis.kill();
    await expect(keyring.create({ name: 'late' })).rejects.toMatchObject({
      code: 'KEYS_UNAVAILABLE',
      message: expect.stringContaining('Redis'),
    });
    await expect(keyring.list()).rejects.toMatchObject({ code: 'KEYS_UNAVAILABLE' });
    expect(keyring.verify(secret)?.name).toBe('team');
    expect(keyring.hasKey('gateway')).toBe(true);
    expect(keyring.verify(`ait-${'A'.repeat(43)}`)).toBeUndefined();
  });

  it('let nobody in who cannot be checked, as long as Redis was never reached, and do so when it is', async () => {
    await using redis = await TestRedis.start();
    await using scratch = await createScratch();
    await redis.kill();
    const shared = redisKeyStore({ url: redis.url });
    await using keyring = createKeyring({ path: scratch.path, shared, lookEveryMs: 20 });
    await keyring.ready();
    const guess = `ait-${'A'.repeat(43)}`;
    const refused = expect.objectContaining({ code: 'KEYS_UNAVAILABLE', retryable: true });
    expect(() => keyring.verify(guess)).toThrow(refused);
    expect(() => keyring.hasKey('gateway')).toThrow(refused);
    await redis.restart();
    const verified = (): unknown => {
      try {
        return keyring.verify(guess);
      } catch (error) {
        return error;
      }
    };
    await expect.poll(verified).toBeUndefined();
  });

  it('tell a Redis that comes back empty what it had, revocations too', async () => {
    await using machines = await createMachines();
    const [a, b] = [await machines.machine(), await machines.machine()];
    const kept = await a.create({ name: 'kept', budget: { usd: 1, per: 'total' } });
    const gone = await a.create({ name: 'gone' });
    await a.revoke('gone');
    await expect.poll(() => b.verify(kept.secret)?.name).toBe('kept');
    const key = kept.key as Required<GatewayKey>;
    const reservation = await a.budgets.reserve(key.id, key.budget, 0.5);
    if (reservation === undefined) throw new Error('was not reserved');
    a.budgets.settle(reservation, 0.4);
    expect((await a.budgets.spendingOf(key)).spentUsd).toBeCloseTo(0.4, 9);
    await machines.redis.kill();
    await machines.redis.restart();
    await expect.poll(async () => (await a.list().catch(() => [])).length).toBe(2);
    const late = await machines.machine();
    await expect.poll(() => late.verify(kept.secret)?.name).toBe('kept');
    expect(late.verify(gone.secret)).toBeUndefined();
    expect(b.verify(kept.secret)?.name).toBe('kept');
    // What was spent before is known by who was told of it.
    expect(await a.budgets.reserve(key.id, key.budget, 0.7)).toBeUndefined();
    expect((await a.budgets.spendingOf(key)).spentUsd).toBeCloseTo(0.4, 9);
  });

  it('never cross a budget together, and lose nothing that was spent while Redis was away', async () => {
    await using machines = await createMachines();
    const [a, b] = [await machines.machine(), await machines.machine()];
    const key = (await a.create({ name: 'x', budget: { usd: 1, per: 'total' } })).key as Required<GatewayKey>;
    let spent = 0;
    const spend = async (ring: Keyring): Promise<boolean> => {
      const reservation = await ring.budgets.reserve(key.id, key.budget, 0.01);
      if (reservation === undefined) return false;
      spent += 0.009;
      ring.budgets.settle(reservation, 0.009);
      return true;
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => spend(index % 2 === 0 ? a : b)));
    expect(spent).toBeCloseTo(0.18, 9);
    machines.redis.freeze();
    // What was set aside is there to go on with, and ends.
    let away = 0;
    let refusal: unknown;
    while (refusal === undefined) {
      await spend(a).then(
        () => {
          away += 1;
        },
        (error: unknown) => {
          refusal = error;
        },
      );
    }
    expect(refusal).toMatchObject({ code: 'KEYS_UNAVAILABLE', retryable: true });
    expect(away).toBeGreaterThan(0);
    const before = spent;
    machines.redis.thaw();
    await expect.poll(() => spend(a).catch(() => false), { timeout: 10_000 }).toBe(true);
    expect(spent).toBeGreaterThan(before);
    while ((await spend(a)) || (await spend(b)));
    expect(spent).toBeGreaterThan(0.9);
    expect(spent).toBeLessThanOrEqual(1);
    await b.close();
    expect((await a.budgets.spendingOf(key)).spentUsd).toBeCloseTo(spent, 9);
  });

  it('hold a budget under a crowd that asks at once', async () => {
    await using machines = await createMachines();
    const rings = [await machines.machine(), await machines.machine()];
    const [first] = rings;
    if (first === undefined) throw new Error('no keyring');
    const { key } = await first.create({ name: 'x', budget: { usd: 1 } });
    const gates = rings.map(
      (keyring) => new KeyGate({ keyring, limiter: createLimiter({ adaptive: false }) }),
    );
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, async (_, id) => gates[id % 2]?.admit(key, `${id}`, () => 0.05)),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(outcomes.length - refused.length).toBeLessThanOrEqual(20);
    expect(outcomes.length - refused.length).toBeGreaterThan(15);
    expect(refused[0]?.reason).toMatchObject({ code: 'KEYS_BUDGET_EXHAUSTED' });
  });
});
