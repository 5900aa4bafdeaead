import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/advice/advice.js';
import { adviseOn } from '../../src/advice/advise.js';
import { loadConfig } from '../../src/config/load.js';
import { findSettings } from '../../src/config/settings.js';
import type { TierEffectiveness } from '../../src/effectiveness/report.js';

const { config } = await loadConfig({ environment: { AI_TOOLKIT_HOME: '/nowhere' } });

const outcomes = { hit: 500, stale: 0, semantic: 0, coalesced: 0, miss: 500, refresh: 0, bypass: 0 };

/** A server that is well, in which a test makes one thing bad. */
const well: Evidence = {
  since: 0,
  calls: {
    total: 1000,
    outcomes,
    hitRate: 0.5,
    failed: 0,
    aborted: 0,
    streamsAsked: 200,
    streamsLeft: 0,
    streamsReplayed: 200,
  },
  saved: { inputTokens: 1, outputTokens: 1, providerMs: 1 },
  layers: [],
  tiers: [tier('memory'), tier('disk')],
  missed: { absent: 500, expired: 0, stale: 0, corrupt: 0, unavailable: 0 },
  limits: { avoided: 0, suffered: 0, granted: 500, refused: 0, shed: 0, waits: { count: 0, longestMs: 0 } },
  secondChances: { retries: 0, retriedCalls: 0, retriesPaidOff: 0, fallbacks: 0, fallbacksPaidOff: 0 },
  circuits: { openings: 0, open: 0 },
  misses: { enabled: true, looked: 200, passedOver: 300, causes: { new: 200 }, classes: [] },
};

function tier(name: string, rest: Partial<TierEffectiveness> = {}): TierEffectiveness {
  const bounds = { entries: 100, bytes: 1e6, maxBytes: 64 * 2 ** 20 };
  return { name, state: 'ready', ...bounds, hits: 250, misses: 500, evictions: 1000, returned: 10, ...rest };
}

function varying(
  found: Evidence['misses']['classes'][number]['class'],
  path: string,
  count: number,
): Evidence {
  const classes = [{ class: found, count, share: count / 200, paths: [{ path, count }] }];
  return { ...well, misses: { ...well.misses, classes } };
}

function called(rest: Partial<Evidence['calls']>): Evidence {
  return { ...well, calls: { ...well.calls, ...rest } };
}

function limited(rest: Partial<Evidence['limits']>): Evidence {
  return { ...well, limits: { ...well.limits, ...rest } };
}

function caused(causes: Evidence['misses']['causes']): Evidence {
  return { ...well, misses: { ...well.misses, causes } };
}

/** A bad state, just too little evidence of it, the rule, its figures in words, and the settings by name. */
const cases: readonly (readonly [
  rule: string,
  bad: Evidence,
  little: Evidence,
  finding: RegExp,
  settings: string[],
])[] = [
  [
    'varying-field',
    varying('timestamp', 'messages[0].content', 82),
    varying('timestamp', 'messages[0].content', 19),
    /^41 % of misses \(82 of 200 looked at\) differ only in a timestamp in messages\[0\]\.content\.$/,
    [],
  ],
  [
    'varying-field',
    varying('parameter', 'seed', 60),
    varying('parameter', 'seed', 10),
    /^30 % .* differ only in a parameter in seed\.$/,
    [],
  ],
  [
    'varying-field',
    varying('model', 'model', 40),
    varying('model', 'model', 4),
    /the model in model/,
    ['routes'],
  ],
  ['no-store', caused({ 'no-store': 60 }), caused({ 'no-store': 15 }), /^30 % .*no-store/, []],
  [
    'no-cache',
    called({ outcomes: { ...outcomes, refresh: 300 } }),
    called({ outcomes: { ...outcomes, refresh: 30 } }),
    /^30 % of calls \(300 of 1000\)/,
    ['cache.ttlMs'],
  ],
  [
    'never-cached',
    called({ outcomes: { ...outcomes, bypass: 150 } }),
    called({ outcomes: { ...outcomes, bypass: 50 } }),
    /^15 % of calls \(150 of 1000\) can never be cached/,
    [],
  ],
  [
    'streams-left',
    called({ streamsLeft: 50 }),
    called({ streamsLeft: 15 }),
    /^25 % of streams .*\(50 of 200\)/,
    ['maxTokens'],
  ],
  [
    'memory-too-small',
    { ...well, tiers: [tier('memory', { returned: 310 }), tier('disk')] },
    { ...well, tiers: [tier('memory', { returned: 50 }), tier('disk')] },
    /^31 % of what the memory tier gave up \(310 of 1000 evictions\)/,
    ['cache.memoryBytes'],
  ],
  [
    'disk-too-small',
    { ...well, tiers: [tier('memory'), tier('disk', { returned: 200 })] },
    { ...well, tiers: [tier('memory'), tier('disk', { returned: 19, evictions: 100 })] },
    /^20 % of what the disk tier gave up/,
    ['cache.diskBytes'],
  ],
  [
    'lost-answers',
    caused({ evicted: 50 }),
    caused({ evicted: 19 }),
    /^25 % of misses \(50 of 200 looked at\) were asked and stored before/,
    ['cache.diskBytes', 'cache.memoryBytes'],
  ],
  [
    'expired-answers',
    { ...well, missed: { ...well.missed, expired: 100, stale: 100 } },
    { ...well, missed: { ...well.missed, expired: 10, stale: 9 } },
    /^29 % of lookups .*\(200 of 700\)/,
    ['cache.ttlMs'],
  ],
  [
    'never-read',
    { ...called({ hitRate: 0.01 }), tiers: [tier('memory'), tier('disk', { unread: 980 })] },
    { ...called({ hitRate: 0.3 }), tiers: [tier('memory'), tier('disk', { unread: 980 })] },
    /^98 % of what the disk tier gave up .* was never read, and 1\.0 % of calls were spared/,
    ['cache.diskBytes'],
  ],
  [
    'tier-unavailable',
    {
      ...well,
      missed: { ...well.missed, unavailable: 300 },
      tiers: [tier('memory'), tier('shared', { state: 'unavailable' })],
    },
    { ...well, missed: { ...well.missed, unavailable: 10 } },
    /unavailable now: shared/,
    ['redis.url'],
  ],
  [
    'rate-limited',
    limited({ suffered: 40, avoided: 7 }),
    limited({ suffered: 4 }),
    /^Providers answered 40 of 500 attempts \(8\.0 %\) with 429; 7 calls waited/,
    ['limits.requestsPerMinute', 'limits.tokensPerMinute', 'limits.maxConcurrent'],
  ],
  [
    'long-waits',
    limited({ waits: { count: 100, p50Ms: 900, p95Ms: 12_000, longestMs: 20_000 } }),
    limited({ waits: { count: 100, p50Ms: 90, p95Ms: 400, longestMs: 20_000 } }),
    /^100 calls waited for limits: half of them up to 900 ms, one in twenty 12\.0 s or longer\.$/,
    ['routes', 'limits.maxWaitMs'],
  ],
  [
    'refused',
    limited({ refused: 90, shed: 35 }),
    limited({ refused: 19 }),
    /^20 % of calls for a provider \(125 of 625\) were refused here/,
    ['limits.maxWaitMs', 'limits.maxQueue', 'routes'],
  ],
  [
    'vain-retries',
    { ...well, secondChances: { ...well.secondChances, retries: 60, retriedCalls: 30, retriesPaidOff: 3 } },
    { ...well, secondChances: { ...well.secondChances, retries: 60, retriedCalls: 30, retriesPaidOff: 20 } },
    /^Of 30 calls that were tried again, 3 had their answer by it/,
    ['routes'],
  ],
  [
    'many-fallbacks',
    { ...well, secondChances: { ...well.secondChances, fallbacks: 100, fallbacksPaidOff: 90 } },
    { ...well, secondChances: { ...well.secondChances, fallbacks: 10, fallbacksPaidOff: 9 } },
    /^100 of 500 calls that asked a provider needed a fallback; 90 of them/,
    ['routes'],
  ],
  [
    'open-circuits',
    { ...called({ failed: 100 }), circuits: { openings: 5, open: 1 } },
    { ...called({ failed: 100 }), circuits: { openings: 2, open: 1 } },
    /^A provider kept failing and was left alone 5 times; one is now\.$/,
    ['routes'],
  ],
];

describe('advice', () => {
  it('is not given to a server that is well', () => {
    expect(adviseOn(well, config)).toEqual([]);
  });

  it.each(cases)(
    '%s: says what was found, with its figures and settings, and nothing by too little',
    (rule, bad, little, finding, settings) => {
      const found = adviseOn(bad, config);
      expect(found).toMatchObject([{ rule, finding: expect.stringMatching(finding), settings }]);
      const [{ action = '', share = -1, figures = {} } = {}] = found;
      expect(action).not.toBe('');
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThanOrEqual(1);
      expect(Object.keys(figures).length).toBeGreaterThan(0);
      expect(adviseOn(little, config)).toEqual([]);
    },
  );

  it('names settings that there are', () => {
    const known = new Set(['routes', ...findSettings().map(({ path }) => path)]);
    for (const [, bad] of cases)
      for (const { settings } of adviseOn(bad, config))
        for (const name of settings) expect(known).toContain(name);
  });

  it('says nothing of a conversation that grows, of other questions and of mixed differences', () => {
    for (const found of ['text', 'item added', 'several'] as const)
      expect(adviseOn(varying(found, 'messages[2]', 150), config)).toEqual([]);
  });

  it('puts what concerns the largest share first', () => {
    const both = { ...varying('uuid', 'messages[0].content', 180), limits: limited({ suffered: 40 }).limits };
    expect(adviseOn(both, config).map(({ rule }) => rule)).toEqual(['varying-field', 'rate-limited']);
  });

  it('says of limits that are set that they are too high', () => {
    const set = { ...config, limits: { ...config.limits, requestsPerMinute: 60 } };
    expect(adviseOn(limited({ suffered: 40 }), set)[0]?.action).toMatch(/^Lower/);
    expect(adviseOn(limited({ suffered: 40 }), config)[0]?.action).toMatch(/^Set/);
  });
});
