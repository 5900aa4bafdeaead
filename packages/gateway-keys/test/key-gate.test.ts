import { createLimiter } from '@ai-toolkit/rate-limit';
import { createLimitHost } from '@ai-toolkit/rate-limit/host';
import { describe, expect, it } from 'vitest';
import { type CreateKeyOptions, createKeyring, type GatewayKey, KeyGate } from '../src/index.js';
import { createScratch, type Scratch } from './support/scratch.js';

interface Setup extends AsyncDisposable {
  readonly gate: KeyGate;
  readonly key: GatewayKey;
  readonly spentUsd: () => Promise<number>;
}

async function setup(options: Omit<CreateKeyOptions, 'name'>, queueMs = 0): Promise<Setup> {
  const scratch: Scratch = await createScratch();
  const keyring = createKeyring({ path: scratch.path });
  const { key } = await keyring.create({ name: 'x', ...options });
  const gate = new KeyGate({ keyring, limiter: createLimiter({ adaptive: false }), queueMs });
  return {
    gate,
    key,
    spentUsd: async () => (await keyring.budgets.spendingOf(key)).spentUsd,
    async [Symbol.asyncDispose]() {
      await keyring.close();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

const never = (): number => {
  throw new Error('was asked for a price');
};

function codeOf(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

describe('key gate', () => {
  it('lets a key without limits through, and remembers nothing of it', async () => {
    await using s = await setup({});
    expect(s.gate.admit(s.key, '1', never)).toBeUndefined();
    expect(s.gate.holds('1')).toBe(false);
    s.gate.settle('1', { usd: 5 });
  });

  it('counts requests, those that cost nothing as well, and says when to come back', async () => {
    await using s = await setup({ requestsPerMinute: 3 });
    for (const id of ['1', '2', '3']) {
      void s.gate.admit(s.key, id, never);
      s.gate.settle(id, { inputTokens: 0, outputTokens: 0, usd: 0 });
    }
    try {
      void s.gate.admit(s.key, '4', never);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'KEYS_RATE_LIMITED', retryable: true });
      expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000);
      const { retryAfterMs } = error as { retryAfterMs: number };
      expect(retryAfterMs).toBeLessThanOrEqual(61_000);
      expect(error).toMatchObject({ place: { position: 0, expectedWaitMs: retryAfterMs } });
    }
    expect(s.gate.inspect(s.key)?.limits.requestsPerMinute).toMatchObject({ limit: 3, left: 0 });
    expect(s.gate.snapshot()).toMatchObject({ [s.key.id]: { counts: { granted: 3 } } });
  });

  it('tells a crowd of several processes to come back when there is room, since nobody waits', async () => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    const { key } = await keyring.create({ name: 'x', requestsPerMinute: 5 });
    await using host = createLimitHost();
    const limiters = [1, 2, 3].map(() => createLimiter({ adaptive: false, store: host.store }));
    const gates = limiters.map((limiter) => new KeyGate({ keyring, limiter }));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, async (_, id) => gates[id % 3]?.admit(key, `${id}`, never)),
    );
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toHaveLength(55);
    for (const { retryAfterMs } of refused) {
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(61_000);
    }
    for (const limiter of limiters) await limiter[Symbol.asyncDispose]();
  });

  it('counts the tokens that were used, not those that were expected', async () => {
    await using s = await setup({ tokensPerMinute: 1000 });
    for (let id = 0; id < 8; id++) {
      void s.gate.admit(s.key, `${id}`, never);
      s.gate.settle(`${id}`, { inputTokens: 50, outputTokens: 50, usd: 0 });
    }
    void s.gate.admit(s.key, 'hit', never);
    s.gate.settle('hit', { inputTokens: 0, outputTokens: 0, usd: 0 });
    void s.gate.admit(s.key, 'last', never);
    s.gate.settle('last', { inputTokens: 900, outputTokens: 100, usd: 0 });
    expect(codeOf(() => s.gate.admit(s.key, 'late', never))).toBe('KEYS_RATE_LIMITED');
  });

  it('lets no burst of large requests through, however small those before were', async () => {
    for (const queueMs of [0, 1]) {
      await using s = await setup({ tokensPerMinute: 10_000 }, queueMs);
      for (let id = 0; id < 40; id++) {
        await s.gate.admit(s.key, `${id}`, never, () => 5);
        s.gate.settle(`${id}`, { inputTokens: 5, outputTokens: 5, usd: 0 });
      }
      const admitted = async (ids: readonly string[], tokens: number): Promise<number> => {
        const asked = ids.map(async (id) => s.gate.admit(s.key, id, never, () => tokens));
        return (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled').length;
      };
      expect(await admitted(['a', 'b', 'c', 'd', 'e'], 3000)).toBe(3);
      for (const id of ['a', 'b', 'c']) s.gate.cancel(id);
      expect(await admitted(['f'], 100_000)).toBe(0);
    }
  });

  it('lets a request that is larger than the limit through alone, and says when there is room for it', async () => {
    await using s = await setup({ tokensPerMinute: 10_000 });
    void s.gate.admit(s.key, '1', never, () => 5);
    s.gate.settle('1', { inputTokens: 5, outputTokens: 5, usd: 0 });
    try {
      void s.gate.admit(s.key, '2', never, () => 100_000);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'KEYS_RATE_LIMITED' });
      expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000);
    }
    await using idle = await setup({ tokensPerMinute: 10_000 });
    expect(codeOf(() => idle.gate.admit(idle.key, '1', never, () => 100_000))).toBeUndefined();
    expect(codeOf(() => idle.gate.admit(idle.key, '2', never, () => 5))).toBe('KEYS_RATE_LIMITED');
  });

  it('gives back what a request that was not made had taken', async () => {
    await using s = await setup({ requestsPerMinute: 1, budget: { usd: 1 } });
    void s.gate.admit(s.key, '1', () => 1);
    s.gate.cancel('1');
    void s.gate.admit(s.key, '2', () => 1);
    s.gate.settle('2', { usd: 1, inputTokens: 1 });
    expect(await s.spentUsd()).toBe(1);
  });

  it('takes no request from the limit that the budget refuses', async () => {
    await using s = await setup({ requestsPerMinute: 1, budget: { usd: 1 } });
    expect(codeOf(() => s.gate.admit(s.key, '1', () => 2))).toBe('KEYS_BUDGET_EXHAUSTED');
    expect(s.gate.admit(s.key, '2', () => 0.5)).toBeUndefined();
  });

  it('stops before the budget is crossed, however many ask at once', async () => {
    await using s = await setup({ budget: { usd: 1 } });
    const let_in = Array.from({ length: 50 }, (_, id) => `${id}`).filter(
      (id) => codeOf(() => s.gate.admit(s.key, id, () => 0.1)) === undefined,
    );
    expect(let_in).toHaveLength(10);
    for (const id of let_in) s.gate.settle(id, { usd: 0.02 });
    expect(await s.spentUsd()).toBeCloseTo(0.2, 9);
    expect(codeOf(() => s.gate.admit(s.key, 'more', () => 0.7))).toBeUndefined();
  });

  it('counts all that was set aside where nobody knows what it cost', async () => {
    await using s = await setup({ budget: { usd: 1 } });
    void s.gate.admit(s.key, '1', () => 0.4);
    s.gate.settle('1', { usd: null });
    s.gate.settle('1', { usd: null });
    expect(await s.spentUsd()).toBeCloseTo(0.4, 9);
  });

  it('refuses a model of unknown price, or lets it through, as the key says', async () => {
    await using strict = await setup({ budget: { usd: 1 } });
    expect(codeOf(() => strict.gate.admit(strict.key, '1', () => undefined))).toBe('KEYS_BUDGET_UNPRICED');
    await using lax = await setup({ budget: { usd: 1, unpriced: 'allow' } });
    expect(lax.gate.admit(lax.key, '1', () => undefined)).toBeUndefined();
    lax.gate.settle('1', { usd: null });
    expect(await lax.spentUsd()).toBe(0);
  });
});
