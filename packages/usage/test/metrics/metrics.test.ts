import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createMetrics, mergeMetrics, renderMetrics } from '../../src/metrics/index.js';
import { sampleCall } from '../sample-call.js';

/** The value of a series, its labels in the order of the exposition. */
function sampleOf(exposed: string, series: string): number | undefined {
  const line = exposed.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

const hostileNames = [
  '"} 1\nai_toolkit_requests_total{model="forged',
  'back\\slash',
  'new\nline',
  'nul\u0000',
  'lone\ud800surrogate',
  'x'.repeat(100_000),
  '',
  'ok"quote',
  '模型',
];

const promtoolPath = process.env.PROMTOOL_PATH ?? 'promtool';
const promtool = spawnSync(promtoolPath, ['--version']).error === undefined;
const required = process.env.AI_TOOLKIT_REQUIRE_SERVICES === '1';

describe('metrics', () => {
  it('count calls, tokens, money and times', async () => {
    const metrics = createMetrics();
    metrics.observe(sampleCall({ streamed: true }));
    metrics.observe(sampleCall({ cache: 'hit', durationMs: 2, firstByteMs: 1 }));
    metrics.observe(sampleCall({ cache: 'hit', durationMs: 2, model: 'made-up' }));
    metrics.observe(sampleCall({ cache: 'coalesced' }));
    metrics.observe(sampleCall({ status: 'error', httpStatus: 500 }));

    const exposed = await metrics.expose();
    const series = (outcome: string) =>
      `ai_toolkit_requests_total{surface="chat",provider="openai",model="gpt-4o-mini",outcome="${outcome}"}`;
    expect(sampleOf(exposed, series('miss'))).toBe(1);
    expect(sampleOf(exposed, series('hit'))).toBe(1);
    expect(sampleOf(exposed, series('error'))).toBe(1);
    expect(sampleOf(exposed, 'ai_toolkit_tokens_total{kind="billed",direction="input"}')).toBe(2_000_000);
    expect(sampleOf(exposed, 'ai_toolkit_tokens_total{kind="replayed",direction="output"}')).toBe(2_000_000);
    expect(sampleOf(exposed, 'ai_toolkit_tokens_total{kind="saved",direction="output"}')).toBe(3_000_000);
    expect(sampleOf(exposed, 'ai_toolkit_cost_usd_total{kind="billed"}')).toBe(1.5);
    expect(sampleOf(exposed, 'ai_toolkit_cost_usd_total{kind="saved"}')).toBe(1.5);
    expect(sampleOf(exposed, 'ai_toolkit_unpriced_calls_total{kind="saved"}')).toBe(1);
    expect(sampleOf(exposed, 'ai_toolkit_upstream_seconds_count{provider="openai"}')).toBe(2);
    expect(sampleOf(exposed, 'ai_toolkit_upstream_seconds_sum{provider="openai"}')).toBeCloseTo(1.58);
    expect(sampleOf(exposed, 'ai_toolkit_upstream_seconds_bucket{provider="openai",le="0.64"}')).toBe(0);
    expect(sampleOf(exposed, 'ai_toolkit_upstream_seconds_bucket{provider="openai",le="1.28"}')).toBe(2);
    expect(sampleOf(exposed, 'ai_toolkit_upstream_seconds_bucket{provider="openai",le="+Inf"}')).toBe(2);
    const firstToken = 'ai_toolkit_time_to_first_token_seconds_count{provider="openai",outcome="miss"}';
    expect(sampleOf(exposed, firstToken)).toBe(1);
    expect(sampleOf(exposed, 'ai_toolkit_overhead_seconds_bucket{outcome="hit",le="0.0025"}')).toBe(2);
    expect(sampleOf(exposed, 'ai_toolkit_overhead_seconds_bucket{outcome="hit",le="0.001"}')).toBe(0);
    expect(await metrics.expose()).toBe(exposed);
    expect(metrics.contentType).toContain('text/plain; version=0.0.4');
  });

  it('ask the gauges and tiers when they are scraped, and leave out what nobody provides', async () => {
    expect(await createMetrics().expose()).not.toMatch(/inflight|cache_bytes|ledger/);
    let inflight = 3;
    const status = {
      path: '',
      state: 'ok',
      problem: null,
      buffered: 4,
      written: 0,
      summed: 0,
      dropped: 5,
      setAside: [],
    } as const;
    const metrics = createMetrics({
      inflight: () => inflight,
      cacheTiers: async () => [{ name: 'memory', entries: 2, bytes: 4096, hits: 7, misses: 1 }],
      ledgerStatus: () => status,
    });
    expect(sampleOf(await metrics.expose(), 'ai_toolkit_inflight')).toBe(3);
    inflight = 0;
    const exposed = await metrics.expose();
    expect(sampleOf(exposed, 'ai_toolkit_inflight')).toBe(0);
    expect(sampleOf(exposed, 'ai_toolkit_cache_bytes{tier="memory"}')).toBe(4096);
    expect(sampleOf(exposed, 'ai_toolkit_cache_entries{tier="memory"}')).toBe(2);
    expect(sampleOf(exposed, 'ai_toolkit_cache_results_total{tier="memory",result="hit"}')).toBe(7);
    expect(sampleOf(exposed, 'ai_toolkit_cache_results_total{tier="memory",result="miss"}')).toBe(1);
    expect(sampleOf(exposed, 'ai_toolkit_ledger_buffered')).toBe(4);
    expect(sampleOf(exposed, 'ai_toolkit_ledger_dropped_total')).toBe(5);
  });

  it('keep the number of series bounded under invented names', async () => {
    const metrics = createMetrics({ maxModels: 10 });
    for (let index = 0; index < 5000; index += 1) {
      metrics.observe(sampleCall({ model: `invented-${index}`, status: 'error', httpStatus: 404 }));
    }
    metrics.observe(sampleCall({ model: 'gpt-4o' }));
    for (let index = 0; index < 5000; index += 1) metrics.observe(sampleCall({ model: `accepted-${index}` }));
    const exposed = await metrics.expose();
    const models = new Set(
      [...exposed.matchAll(/requests_total\{.*model="([^"]*)"/g)].map((match) => match[1]),
    );
    expect(models.size).toBe(11);
    // A flood of names that no provider knows leaves the room to the real ones.
    expect(models).toContain('gpt-4o');
    const other = 'ai_toolkit_requests_total{surface="chat",provider="openai",model="other",outcome="error"}';
    expect(sampleOf(exposed, other)).toBe(5000);
  });

  it('keep the number of series bounded whatever tenants, keys, providers and codes callers come with', async () => {
    const metrics = createMetrics({ maxModels: 10 });
    const series = async (): Promise<number> =>
      (await metrics.expose()).split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    for (let index = 0; index < 3000; index += 1) {
      const name = `${hostileNames[index % hostileNames.length]?.slice(0, 200)}${index}`;
      metrics.observe(
        sampleCall({
          model: name,
          askedModel: name,
          provider: name,
          tenant: name,
          errorCode: name,
          status: index % 2 === 0 ? 'ok' : 'error',
          streamed: index % 3 === 0,
          cache: index % 5 === 0 ? 'hit' : 'miss',
          labels: { key: name, project: name, stage: name, [name]: name },
        }),
      );
      metrics.observeWait(index);
    }
    const before = await series();
    // 50 providers and 10 models, each with a few outcomes, and the buckets of their histograms.
    expect(before).toBeLessThan(6000);
    for (let index = 0; index < 3000; index += 1) {
      const name = `later-${index}`;
      metrics.observe(sampleCall({ model: name, provider: name, tenant: name, labels: { key: name } }));
    }
    // `other` may have been met with an outcome for the first time, and nothing else.
    expect(await series()).toBeLessThan(before + 100);
    const exposed = await metrics.expose();
    expect(exposed).not.toContain('later-');
    expect(exposed).not.toMatch(/\{[^}]*(tenant|key|project|stage)=/);
  });

  it('cannot be forged by a name', async () => {
    const metrics = createMetrics();
    for (const model of hostileNames) metrics.observe(sampleCall({ model }));
    const exposed = await metrics.expose();
    const samples = exposed.split('\n').filter((line) => line.startsWith('ai_toolkit_requests_total'));
    expect(samples).toHaveLength(4);
    expect(samples.join('\n')).toContain('model="ok\\"quote"');
    expect(samples.join('\n')).toContain('model="back\\\\slash"');
    expect(samples.join('\n')).toContain('model="模型"');
    expect(samples.at(0)).toMatch(/model="other".* 6$/);
    expect(exposed.isWellFormed()).toBe(true);
  });

  it.runIf(promtool || required)('pass `promtool check metrics`', async () => {
    expect(promtool, 'promtool is required (Debian package "prometheus")').toBe(true);
    const metrics = createMetrics({
      inflight: () => 1,
      cacheTiers: () => [{ name: 'memory', entries: 1, bytes: 1, hits: 1, misses: 1 }],
      limits: () => ({ queued: 2, rateLimited: 3, circuits: { openai: 'open' } }),
      ledgerStatus: () => ({
        path: '',
        state: 'ok',
        problem: null,
        buffered: 0,
        written: 0,
        summed: 0,
        dropped: 0,
        setAside: [],
      }),
    });
    for (const model of hostileNames) metrics.observe(sampleCall({ model, streamed: true }));
    metrics.observeRefusal('key_missing');
    const child = spawn(promtoolPath, ['check', 'metrics']);
    child.stdin.end(await metrics.expose());
    const [[code], complaints] = await Promise.all([once(child, 'close'), text(child.stderr)]);
    expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
  });

  it('count refusals by reasons that are all there from the start', async () => {
    const metrics = createMetrics();
    metrics.observeRefusal('budget');
    metrics.observeRefusal('budget');
    const exposed = await metrics.expose();
    expect(sampleOf(exposed, 'ai_toolkit_refused_total{reason="budget"}')).toBe(2);
    expect(sampleOf(exposed, 'ai_toolkit_refused_total{reason="key_missing"}')).toBe(0);
  });

  it('tell queues and circuits', async () => {
    const metrics = createMetrics({
      limits: () => ({ queued: 2, rateLimited: 3, circuits: { openai: 'open', other: 'closed' } }),
    });
    metrics.observeWait(20);
    const exposed = await metrics.expose();
    expect(sampleOf(exposed, 'ai_toolkit_queue_depth')).toBe(2);
    expect(sampleOf(exposed, 'ai_toolkit_rate_limited_total')).toBe(3);
    expect(sampleOf(exposed, 'ai_toolkit_breaker_state{upstream="openai"}')).toBe(2);
    expect(sampleOf(exposed, 'ai_toolkit_breaker_state{upstream="other"}')).toBe(0);
    expect(sampleOf(exposed, 'ai_toolkit_queue_wait_seconds_bucket{le="0.05"}')).toBe(1);
    expect(sampleOf(exposed, 'ai_toolkit_queue_wait_seconds_bucket{le="0.01"}')).toBe(0);
  });

  it('of several processes are one: sums, but for what they share', async () => {
    const tiers = (memory: number, disk: number) => () => [
      { name: 'memory', entries: 1, bytes: memory, hits: 2, misses: 1 },
      { name: 'disk', entries: 5, bytes: disk, hits: 1, misses: 1 },
    ];
    const circuits = (state: 'open' | 'closed') => () => ({
      queued: 1,
      rateLimited: 1,
      circuits: { openai: state },
    });
    const one = createMetrics({ cacheTiers: tiers(10, 700), limits: circuits('open') });
    const two = createMetrics({ cacheTiers: tiers(20, 705), limits: circuits('closed') });
    one.observe(sampleCall());
    two.observe(sampleCall());
    two.observe(sampleCall({ cache: 'hit', model: 'ok"quote' }));
    const merged = mergeMetrics([await one.sample(), await two.sample()]);
    // As they come over a channel between processes.
    const exposed = renderMetrics(JSON.parse(JSON.stringify(merged)));
    const series = (model: string, outcome: string) =>
      `ai_toolkit_requests_total{surface="chat",provider="openai",model="${model}",outcome="${outcome}"}`;
    expect(sampleOf(exposed, series('gpt-4o-mini', 'miss'))).toBe(2);
    expect(sampleOf(exposed, series('ok\\"quote', 'hit'))).toBe(1);
    expect(sampleOf(exposed, 'ai_toolkit_cache_bytes{tier="memory"}')).toBe(30);
    expect(sampleOf(exposed, 'ai_toolkit_cache_bytes{tier="disk"}')).toBe(705);
    expect(sampleOf(exposed, 'ai_toolkit_cache_results_total{tier="disk",result="hit"}')).toBe(2);
    expect(sampleOf(exposed, 'ai_toolkit_breaker_state{upstream="openai"}')).toBe(2);
    expect(sampleOf(exposed, 'ai_toolkit_queue_depth')).toBe(2);
    expect(sampleOf(exposed, 'ai_toolkit_upstream_seconds_count{provider="openai"}')).toBe(2);
    expect(sampleOf(exposed, 'ai_toolkit_upstream_seconds_bucket{provider="openai",le="+Inf"}')).toBe(2);
    expect(exposed.match(/^# TYPE ai_toolkit_requests_total /gm)).toHaveLength(1);
  });

  it('refuse a bound that is none', () => {
    expect(() => createMetrics({ maxModels: -1 })).toThrow(/maxModels .* got -1/);
  });
});
