import { describe, expect, it } from 'vitest';
import { LimitError } from '../src/errors.js';
import { createLimiter } from '../src/limiter.js';
import { FakeClock } from './support/fake-clock.js';
import { FakeProvider, type FakeProviderOptions, Load } from './support/fake-provider.js';
import { seededRandom } from './support/random.js';

const TOKENS = 1050;

function setup(
  provider: Omit<FakeProviderOptions, 'clock'>,
  clients = 1,
): { loads: Load[]; provider: FakeProvider } {
  const clock = new FakeClock();
  const random = seededRandom(20_260_301);
  const fake = new FakeProvider({ clock, ...provider });
  const loads = Array.from({ length: clients }, () => {
    const limiter = createLimiter({ clock, random, queue: { maxWaitMs: 1e9 } });
    const latencyMs = (): number => 10 + random() * 50;
    return new Load({ clock, limiter, provider: fake, callers: 100, tokens: TOKENS, latencyMs });
  });
  return { loads, provider: fake };
}

const cases = [
  ['requests', { requestsPerMinute: 1800 }, 30],
  ['tokens', { tokensPerMinute: 1_000_000 }, 1_000_000 / 60 / TOKENS],
] as const;

describe.each(cases)('a limit of %s that is unknown at the start', (_name, limits, perSecond) => {
  it('is learned from headers, used whole and not exceeded, also when it is halved and doubled', async () => {
    const { loads, provider } = setup({ ...limits, burstMs: 1000, headers: 'openai' });
    for (const load of loads) {
      const start = await load.during(15_000);
      expect(start.answers).toBeGreaterThan(0.97 * 15 * perSecond);
      expect(start.rejections).toBeLessThanOrEqual(0.02 * start.answers);

      provider.scale(0.5);
      const halved = await load.during(15_000);
      expect(halved.rejections).toBeLessThanOrEqual(10);
      expect(halved.answers).toBeGreaterThan(0.97 * 7.5 * perSecond);

      provider.scale(2);
      const doubled = await load.during(15_000);
      expect(doubled.answers).toBeGreaterThan(0.97 * 15 * perSecond);
      expect(doubled.rejections).toBe(0);
      await load.stop();
    }
  });

  it.each(['retry-after', 'none'] as const)('is found by probing when headers tell %s', async (headers) => {
    const { loads, provider } = setup({ ...limits, burstMs: 1000, headers });
    for (const load of loads) {
      const start = await load.during(60_000);
      expect(start.answers).toBeGreaterThan(0.97 * 60 * perSecond);
      // Most of them at once, when the first ten calls find out that there is a limit.
      expect(start.rejections).toBeLessThanOrEqual(0.025 * start.answers);
      const found = await load.during(60_000);
      expect(found.answers).toBeGreaterThan(0.97 * 60 * perSecond);
      expect(found.rejections).toBeLessThanOrEqual(0.02 * found.answers);
      provider.scale(0.5);
      await load.during(10_000);
      const halved = await load.during(60_000);
      expect(halved.answers).toBeGreaterThan(0.9 * 30 * perSecond);
      expect(halved.rejections).toBeLessThanOrEqual(0.03 * halved.answers);
      await load.stop();
    }
  });
});

describe('a provider that tolerates a whole minute at once', () => {
  it('is used whole and never beyond, where its headers tell', async () => {
    const { loads } = setup({ requestsPerMinute: 500, burstMs: 60_000, headers: 'openai' });
    for (const load of loads) {
      await load.during(60_000);
      const minute = await load.during(60_000);
      expect(minute.answers).toBeGreaterThan(0.98 * 500);
      expect(load.rejections).toBe(0);
      await load.stop();
    }
  });

  it('is probed in small steps where the limit is small and nothing tells it', async () => {
    const { loads } = setup({ requestsPerMinute: 50, burstMs: 60_000, headers: 'none' });
    for (const load of loads) {
      await load.during(60_000);
      const found = await load.during(300_000);
      expect(found.answers).toBeGreaterThan(0.85 * 250);
      expect(found.rejections).toBeLessThanOrEqual(0.08 * found.answers);
      await load.stop();
    }
  });
});

describe('a limit that others share', () => {
  it('is used whole by two clients who do not know of each other, with few rejections', async () => {
    const { loads } = setup({ requestsPerMinute: 1800, burstMs: 1000, headers: 'openai' }, 2);
    const [first, second] = loads;
    await first?.during(30_000);
    const before = loads.map((load) => ({ answers: load.answers, rejections: load.rejections }));
    await first?.during(60_000);
    const shares = loads.map((load, i) => load.answers - (before[i]?.answers ?? 0));
    const answers = shares.reduce((sum, share) => sum + share, 0);
    const rejections = loads.reduce(
      (sum, load, i) => sum + load.rejections - (before[i]?.rejections ?? 0),
      0,
    );
    expect(answers).toBeGreaterThan(0.85 * 1800);
    expect(rejections).toBeLessThanOrEqual(0.05 * answers);
    expect(Math.min(...shares)).toBeGreaterThan(0.2 * answers);
    await first?.stop();
    await second?.stop();
  });
});

describe('a provider without limits', () => {
  it('is soon used by everyone who wants to', async () => {
    const { loads } = setup({ burstMs: 1000, headers: 'none' });
    for (const load of loads) {
      await load.during(5000);
      // 100 callers at 70 ms a round trip.
      expect((await load.during(5000)).answers).toBeGreaterThan(0.95 * 5 * (100 / 0.07));
      expect(load.rejections).toBe(0);
      await load.stop();
    }
  });
});

describe('a lone caller', () => {
  it('that is turned away once or twice waits as long as it was asked to, and no more', async () => {
    const clock = new FakeClock();
    const limiter = createLimiter({ clock, random: () => 0 });
    const call = async (answer: 'ok' | '429'): Promise<number> => {
      const acquired = limiter.acquire({ key: 'k' });
      for (let waited = 0; ; waited += 100) {
        const lease = await Promise.race([acquired, clock.advance(100)]);
        if (lease === undefined) continue;
        if (answer === 'ok') limiter.recordSuccess('k');
        else limiter.recordRateLimit('k', { 'retry-after-ms': '1000' });
        lease.settle({ inputTokens: 0, outputTokens: 0 });
        return waited;
      }
    };
    const waits: number[] = [];
    for (const answer of ['ok', '429', 'ok', '429', 'ok', 'ok'] as const) waits.push(await call(answer));
    for (const waited of waits) expect(waited).toBeLessThanOrEqual(1200);
    expect(waits[1]).toBe(0);
    expect(waits[5]).toBe(0);
  });

  it('that is turned away again and again is asked no slower than after the first times, and told when its turn really is', async () => {
    const clock = new FakeClock();
    const limiter = createLimiter({ clock, random: () => 0, queue: { maxWaitMs: 0 } });
    const promised: number[] = [];
    let waited = 0;
    /** Comes back after what it is told each time, as callers over HTTP do. */
    const call = async (answer: 'ok' | '429'): Promise<void> => {
      for (let told = 0; ; told++) {
        try {
          const lease = await limiter.acquire({ key: 'k' });
          if (answer === 'ok') limiter.recordSuccess('k');
          else limiter.recordRateLimit('k', { 'retry-after': '2' });
          lease.settle({ inputTokens: 0, outputTokens: 0 });
          promised.push(told);
          return;
        } catch (error) {
          if (!LimitError.isInstance(error)) throw error;
          const pauseMs = Math.ceil(error.retryAfterMs ?? 0);
          waited += pauseMs;
          await clock.advance(pauseMs);
        }
      }
    };
    for (let time = 0; time < 8; time++) await call('429');
    waited = 0;
    for (let time = 0; time < 3; time++) await call('ok');
    expect(waited).toBeLessThanOrEqual(3 * 3000);
    expect(Math.max(...promised)).toBe(1);
  });
});
