import { describe, expect, it, vi } from 'vitest';
import { createKeyring, type GatewayKey, type Keyring } from '../src/index.js';
import { createScratch } from './support/scratch.js';

const start = Date.UTC(2026, 10, 23, 22);

async function keyWith(
  keyring: Keyring,
  usd: number,
  per: 'day' | 'month' | 'total' = 'total',
): Promise<Required<GatewayKey>> {
  return (await keyring.create({ name: 'x', budget: { usd, per } })).key as Required<GatewayKey>;
}

describe('budgets', () => {
  it('never set aside more than there is, in many processes at once', async () => {
    await using scratch = await createScratch();
    await using maker = createKeyring({ path: scratch.path });
    const { id, budget } = await keyWith(maker, 1);
    const rings = Array.from({ length: 4 }, () => createKeyring({ path: scratch.path }));
    let spent = 0;
    for (let round = 0; round < 400; round++) {
      const ring = rings[round % rings.length] as Keyring;
      const reservation = await ring.budgets.reserve(id, budget, 0.01);
      if (reservation === undefined) continue;
      spent += 0.009;
      ring.budgets.settle(reservation, 0.009);
      expect(spent).toBeLessThanOrEqual(1);
    }
    // What each had set aside ahead is the only part that nobody could spend.
    expect(spent).toBeGreaterThan(0.9);
    for (const ring of rings) await ring.close();
    expect((await maker.budgets.spendingOf({ id, budget })).spentUsd).toBeCloseTo(spent, 9);
    expect((await maker.budgets.spendingOf({ id, budget })).heldUsd).toBeCloseTo(0, 9);
  });

  it('grant all that there is, whatever the rounding of sums does', async () => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    for (let tenths = 7; tenths < 60; tenths++) {
      const usd = tenths * 1.3e-6;
      const { id, budget } = await keyWith(keyring, 20.5 * usd);
      let granted = 0;
      while ((await keyring.budgets.reserve(id, budget, usd)) !== undefined) granted += 1;
      expect(granted, `of ${usd}`).toBe(20);
    }
  });

  it('hold what requests under way could cost, all of it', async () => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    const { id, budget } = await keyWith(keyring, 1);
    const open = await Promise.all([0.4, 0.4].map(async (usd) => keyring.budgets.reserve(id, budget, usd)));
    expect(open).not.toContain(undefined);
    expect(await keyring.budgets.reserve(id, budget, 0.3)).toBeUndefined();
    const [first] = open;
    if (first === undefined) throw new Error('was not reserved');
    keyring.budgets.settle(first, 0.1);
    expect(await keyring.budgets.reserve(id, budget, 0.3)).toBeDefined();
    expect(await keyring.budgets.reserve(id, budget, 0.3)).toBeUndefined();
  });

  it('outlive a restart, also one without a goodbye', async () => {
    await using scratch = await createScratch();
    await using maker = createKeyring({ path: scratch.path });
    const { id, budget } = await keyWith(maker, 1);
    const crashed = createKeyring({ path: scratch.path });
    const reservation = await crashed.budgets.reserve(id, budget, 0.6);
    expect(reservation).toBeDefined();
    // It is gone with 0.6 set aside: nobody can tell how much of it was spent.
    await using next = createKeyring({ path: scratch.path });
    expect(await next.budgets.reserve(id, budget, 0.5)).toBeUndefined();
    expect(await next.budgets.reserve(id, budget, 0.3)).toBeDefined();
    await crashed.close();
  });

  it('give back soon what was set aside and is not needed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await using scratch = await createScratch();
      await using keyring = createKeyring({ path: scratch.path });
      const { id, budget } = await keyWith(keyring, 100);
      const reservation = await keyring.budgets.reserve(id, budget, 0.5);
      if (reservation === undefined) throw new Error('was not reserved');
      expect((await keyring.budgets.spendingOf({ id, budget })).heldUsd).toBeCloseTo(1, 9);
      keyring.budgets.settle(reservation, 0.25);
      await vi.advanceTimersByTimeAsync(2000);
      const { spentUsd, heldUsd } = await keyring.budgets.spendingOf({ id, budget });
      expect(spentUsd).toBeCloseTo(0.25, 9);
      expect(heldUsd).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ['day', Date.UTC(2026, 10, 24), true],
    ['day', Date.UTC(2026, 10, 24) - 1, false],
    ['month', Date.UTC(2026, 11, 1), true],
    ['month', Date.UTC(2026, 10, 30), false],
    ['total', Date.UTC(2036, 0, 1), false],
  ] as const)('by the %s begin anew at %d: %s', async (per, later, anew) => {
    await using scratch = await createScratch();
    let now = start;
    await using keyring = createKeyring({ path: scratch.path, clock: () => now });
    const { id, budget } = await keyWith(keyring, 1, per);
    const reservation = await keyring.budgets.reserve(id, budget, 1);
    if (reservation === undefined) throw new Error('was not reserved');
    now = later;
    // It counts where it was set aside.
    keyring.budgets.settle(reservation, 1);
    expect((await keyring.budgets.reserve(id, budget, 1)) !== undefined).toBe(anew);
  });

  it('take a cost of nothing from an empty budget', async () => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    const { id, budget } = await keyWith(keyring, 0.5);
    const reservation = await keyring.budgets.reserve(id, budget, 0.5);
    if (reservation === undefined) throw new Error('was not reserved');
    keyring.budgets.settle(reservation, 0.5);
    expect(await keyring.budgets.reserve(id, budget, 0.000001)).toBeUndefined();
    expect(await keyring.budgets.reserve(id, budget, 0)).toBeDefined();
  });
});
