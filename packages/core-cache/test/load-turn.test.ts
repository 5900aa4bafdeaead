import { afterEach, describe, expect, it, vi } from 'vitest';
import { LoadTurn } from '../src/load-turn.js';
import type { Tier } from '../src/tier.js';

describe('the turn to load a key', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gives back a lease that is granted after it has ended', async () => {
    vi.useFakeTimers();
    const held = new Set<string>();
    const late = Promise.withResolvers<boolean>();
    let asked = 0;
    const tier = {
      hasLeases: true,
      async lease(_namespace: string, _key: string, owner: string) {
        asked += 1;
        if (asked > 1) await late.promise;
        held.add(owner);
        return true;
      },
      async release(_namespace: string, _key: string, owner: string) {
        held.delete(owner);
      },
    };
    const turn = LoadTurn.of({ tiers: [tier as unknown as Tier], turns: new Set() }, 'n', 'k');
    await turn?.await(async () => undefined);
    await vi.advanceTimersByTimeAsync(3000);
    expect(asked).toBe(2);
    await turn?.end();
    expect(held.size).toBe(0);
    late.resolve(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(held.size).toBe(0);
  });
});
