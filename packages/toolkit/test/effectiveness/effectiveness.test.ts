import type { Miss } from '@ai-toolkit/ai-client';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { CallCounter } from '../../src/effectiveness/call-counter.js';
import { mergeSamples } from '../../src/effectiveness/merge-samples.js';
import { summariseMisses } from '../../src/effectiveness/miss-summary.js';
import { reportEffectiveness } from '../../src/effectiveness/report.js';
import type { EffectivenessSample } from '../../src/effectiveness/sample.js';

const { config } = await loadConfig({ environment: { AI_TOOLKIT_HOME: '/nowhere' } });

const miss: Miss = {
  at: 1,
  requestId: 'r',
  key: 'k',
  surface: 'chat',
  provider: 'p',
  model: 'm',
  tenant: 'default',
  cause: 'near',
  nearest: 'n',
};

function sample(since: number, hits: number, misses: readonly Miss[]): EffectivenessSample {
  const counter = new CallCounter();
  const record = {
    requestId: 'r',
    startedAt: 0,
    surface: 'chat',
    provider: 'p',
    model: 'm',
    tenant: 'default',
    status: 'ok',
    durationMs: 1,
    attempts: 0,
  } as const;
  for (let index = 0; index < hits; index++)
    counter.count({
      ...record,
      streamed: index === 0,
      cache: 'hit',
      upstreamMs: 100,
      usage: { inputTokens: 10, outputTokens: 5 },
    });
  counter.count({ ...record, streamed: true, cache: 'miss', status: 'aborted' });
  return {
    since,
    calls: counter.counts(),
    cache: {
      tiers: [],
      hits,
      misses: 1,
      missed: { absent: 1, expired: 0, stale: 0, corrupt: 0, unavailable: 0 },
      loads: 0,
      loadErrors: 0,
      coalesced: 0,
      staleServes: 0,
    },
    limits: {
      granted: 2,
      refused: 1,
      shed: 0,
      rateLimited: 3,
      waits: { count: 1, totalMs: 100, longestMs: 100, buckets: [0, 0, 1] },
    },
    secondChances: { retries: 1, retriedCalls: 1, retriesPaidOff: 1, fallbacks: 0, fallbacksPaidOff: 0 },
    circuits: { openings: 2, open: 1 },
    misses: { enabled: true, misses, waiting: 0, passedOver: 4 },
  };
}

describe('effectiveness', () => {
  it('of several processes is that of one that did it all', () => {
    const [one, other] = [sample(20, 3, [{ ...miss, at: 1 }]), sample(10, 5, [{ ...miss, at: 2 }])];
    const merged = mergeSamples([one, other], one.cache);
    expect(merged).toMatchObject({
      since: 10,
      calls: {
        outcomes: { hit: 8, miss: 2 },
        aborted: 2,
        streamsLeft: 2,
        streamsReplayed: 2,
        replayedInputTokens: 80,
        replayedMs: 800,
      },
      limits: { granted: 4, refused: 2, rateLimited: 6, waits: { count: 2, longestMs: 100 } },
      secondChances: { retries: 2, retriesPaidOff: 2 },
      circuits: { openings: 4, open: 1 },
      misses: { misses: [{ at: 2 }, { at: 1 }], passedOver: 8 },
    });
    const report = reportEffectiveness(merged, config);
    expect(report.calls).toMatchObject({ total: 10, hitRate: 0.8 });
    expect(report.limits).toMatchObject({ avoided: 2, suffered: 6, waits: { count: 2 } });
    expect(report.layers.find(({ layer }) => layer === 'retries')).toMatchObject({ calls: 2, share: 0.2 });
  });

  it('of a process that has done nothing has no rates', () => {
    const { calls, ...rest } = sample(1, 0, []);
    const none = Object.fromEntries(Object.keys(calls.outcomes).map((name) => [name, 0]));
    const report = reportEffectiveness(
      { ...rest, calls: { ...calls, outcomes: none as typeof calls.outcomes } },
      config,
    );
    expect(report.calls.hitRate).toBeUndefined();
    expect(report.advice).toEqual([]);
    expect(report.misses).toMatchObject({ looked: 0, classes: [] });
  });
});

describe('the summary of misses', () => {
  it('counts a miss by the one class of all its differences, and the fields in which they are', () => {
    const differing = (...differences: NonNullable<Miss['differences']>): Miss => ({ ...miss, differences });
    const time = { path: 'messages[0].content', class: 'timestamp' } as const;
    const summary = summariseMisses({
      enabled: true,
      waiting: 0,
      passedOver: 0,
      misses: [
        differing(time),
        differing(time, { ...time, path: 'messages[1].content' }),
        differing(time, { path: 'seed', class: 'parameter' }),
        { ...miss, cause: 'new' },
      ],
    });
    expect(summary).toMatchObject({
      looked: 4,
      causes: { near: 3, new: 1 },
      classes: [
        {
          class: 'timestamp',
          count: 2,
          share: 0.5,
          paths: [
            { path: 'messages[0].content', count: 2 },
            { path: 'messages[1].content', count: 1 },
          ],
        },
        { class: 'several', count: 1 },
      ],
    });
  });
});
