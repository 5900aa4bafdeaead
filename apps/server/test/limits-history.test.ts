import { describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { readJson } from './support/read-json.js';
import { createStage } from './support/stage.js';

interface Limits {
  readonly keys: Record<string, { readonly waits: { readonly count: number } }>;
  readonly circuits: Record<string, { readonly openings: number }>;
  readonly history: {
    readonly limits: readonly { readonly at: number; readonly kind: string; readonly key: string }[];
    readonly circuits: readonly { readonly at: number; readonly key: string; readonly state: string }[];
  };
}

const key = 'openai-compatible:gpt-4o-mini';

describe('/api/limits', () => {
  it('tells refusals by the provider with what it asked for, waits, and how circuits changed', async () => {
    await using stage = await createStage({ config: '[limits]\nmaxConcurrent = 1\n' });
    const { url, simulator } = stage;
    const limits = (): Promise<Limits> => readJson<Limits>(fetch(`${url}/api/limits`));
    const before = Date.now();
    simulator.setFaults('delay=100');
    await Promise.all([ask(url, 'One'), ask(url, 'Two'), ask(url, 'Three')]);
    simulator.setFaults('status=429; retry-after=1000; times=1');
    expect((await ask(url, 'Turned away once')).status).toBe(200);
    const { history, keys } = await limits();
    expect(history.limits).toContainEqual(
      expect.objectContaining({ key, kind: 'rate-limited', retryAfterMs: 1000, pauseMs: expect.any(Number) }),
    );
    expect(history.limits).toContainEqual(
      expect.objectContaining({ key, kind: 'waited', waitedMs: expect.any(Number) }),
    );
    for (const { at } of history.limits) {
      expect(at).toBeGreaterThanOrEqual(before);
      expect(at).toBeLessThanOrEqual(Date.now());
    }
    expect(keys[key]?.waits.count).toBeGreaterThanOrEqual(2);
    simulator.setFaults('status=500');
    for (let round = 0; round < 3; round++) await ask(url, `Fails ${round}`);
    simulator.clearFaults();
    const after = await limits();
    expect(after.history.circuits.map(({ state }) => state)).toContain('open');
    const [circuit = ''] = after.history.circuits.map((change) => change.key);
    expect(after.circuits[circuit]?.openings).toBeGreaterThanOrEqual(1);
  });
});
