import type { Miss } from '@ai-toolkit/ai-client';
import type { EffectivenessReport, MissSummary } from '@ai-toolkit/toolkit';
import { describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { readJson } from './support/read-json.js';
import { createStage } from './support/stage.js';

type Misses = MissSummary & { readonly misses: readonly Miss[] };

const guide = 'You are a guide to the sea, and answer in one sentence.';

/** A request as a careless client sends it: the time of the call in its instructions. */
function timed(second: number, question = 'When is high tide?'): { messages: object[] } {
  const time = new Date(Date.UTC(2026, 2, 1, 10, 0, second)).toISOString();
  return {
    messages: [
      { role: 'system', content: `${guide} It is ${time}.` },
      { role: 'user', content: question },
    ],
  };
}

function get<T>(url: string, path: string): Promise<T> {
  return readJson<T>(fetch(url + path));
}

describe('diagnostics of a server', { timeout: 60_000 }, () => {
  it('names the timestamp that makes 200 requests miss, and its share of the misses', async () => {
    await using stage = await createStage();
    const { url } = stage;
    for (let second = 0; second < 200; second++) await ask(url, '', timed(second));
    const misses = await get<Misses>(url, '/api/diagnostics/misses');
    expect(misses.enabled).toBe(true);
    expect(misses.looked + misses.passedOver).toBe(200);
    const [found] = misses.classes;
    expect(found).toMatchObject({
      class: 'timestamp',
      count: misses.looked - 1,
      paths: [{ path: 'messages[0].content', count: misses.looked - 1 }],
    });
    const { advice, calls } = await get<EffectivenessReport>(url, '/api/diagnostics/effectiveness');
    expect(calls).toMatchObject({ total: 200, outcomes: { miss: 200, hit: 0 }, hitRate: 0 });
    expect(advice[0]).toMatchObject({
      rule: 'varying-field',
      share: (misses.looked - 1) / misses.looked,
      figures: { misses: misses.looked - 1, looked: misses.looked },
    });
    expect(advice[0]?.finding).toMatch(
      /^\d+ % of misses .* differ only in a timestamp in messages\[0\]\.content\.$/,
    );
    expect(JSON.stringify([misses, advice])).not.toMatch(/guide|tide/);
  });

  it('gives the same class beside others its part, and no advice where there is too little', async () => {
    await using stage = await createStage();
    const { url } = stage;
    for (let index = 0; index < 10; index++) await ask(url, '', timed(index));
    for (let index = 0; index < 10; index++) await ask(url, `Something else, ${'abcdefghij'[index]}`);
    const { advice, misses } = await get<EffectivenessReport>(url, '/api/diagnostics/effectiveness');
    expect(advice).toEqual([]);
    expect(misses.classes.find((found) => found.class === 'timestamp')).toMatchObject({
      count: 9,
      share: 9 / 20,
    });
  });

  it('tells what each layer saved', async () => {
    await using stage = await createStage({ config: '[limits]\nmaxConcurrent = 1\n' });
    const { url, simulator } = stage;
    await ask(url, 'Tides');
    await ask(url, 'Tides');
    await ask(url, 'Tides', { stream: true });
    simulator.setFaults('delay=150');
    await Promise.all([ask(url, 'Moons'), ask(url, 'Moons'), ask(url, 'Stars')]);
    simulator.setFaults('status=503; retry-after=1; retry-after-style=ms; times=1');
    await ask(url, 'Again');
    const report = await get<EffectivenessReport>(url, '/api/diagnostics/effectiveness');
    const savedBy = Object.fromEntries(report.layers.map(({ layer, calls }) => [layer, calls]));
    expect(savedBy).toMatchObject({
      'memory cache': 2,
      'disk cache': 0,
      coalescing: 1,
      limits: 1,
      retries: 1,
      fallbacks: 0,
    });
    expect(report.calls).toMatchObject({ total: 7, hitRate: 3 / 7, streamsReplayed: 1 });
    expect(report.saved.outputTokens).toBeGreaterThan(0);
    expect(report.limits.waits).toMatchObject({ count: 1, p50Ms: expect.any(Number) });
    expect(report.tiers.map(({ name }) => name)).toEqual(['memory', 'disk']);
    expect(report.tiers[0]).toMatchObject({ hits: 2, evictions: 0, returned: 0, entries: 4 });
  });

  it('says why one call asked the provider, with the words that differ where requests are kept', async () => {
    await using stage = await createStage({ config: '[cache]\nkeepRequests = true\n' });
    const { url } = stage;
    await ask(url, '', timed(1));
    const { headers } = await ask(url, '', timed(2));
    const id = headers.get('x-request-id') ?? '';
    const explained = await get(url, `/api/usage/calls/${id}/explain`);
    expect(explained).toMatchObject({
      requestId: id,
      key: headers.get('x-cache-key'),
      miss: { cause: 'near', differences: [{ path: 'messages[0].content', class: 'timestamp' }] },
      nearest: {
        compared: 1,
        entry: {
          differences: [
            {
              path: 'messages[0].content',
              class: 'timestamp',
              onlyIn: ['timestamp'],
              span: { here: '2026-03-01T10:00:02.000Z.', there: '2026-03-01T10:00:01.000Z.' },
            },
          ],
        },
      },
    });
    expect((await fetch(`${url}/api/usage/calls/nobody/explain`)).status).toBe(404);
  });

  it('says so by fields alone where no words are kept', async () => {
    await using stage = await createStage();
    const { url } = stage;
    await ask(url, '', timed(1));
    const { headers } = await ask(url, '', { ...timed(1), temperature: 0.5 });
    const id = headers.get('x-request-id') ?? '';
    const explained = await get<{ nearest: { entry: object } }>(url, `/api/usage/calls/${id}/explain`);
    expect(explained.nearest.entry).toMatchObject({
      differences: [{ path: 'temperature', class: 'parameter', kind: 'only-here' }],
    });
    expect(JSON.stringify(explained)).not.toContain('guide');
  });

  it('looks at nothing when that is switched off', async () => {
    await using stage = await createStage({ config: '[cache]\nrecordMisses = false\n' });
    await ask(stage.url, '', timed(1));
    expect(await get<Misses>(stage.url, '/api/diagnostics/misses')).toMatchObject({
      enabled: false,
      looked: 0,
      misses: [],
    });
  });

  it('is told of all workers together', async () => {
    await using stage = await createStage({ environment: { AI_TOOLKIT_WORKERS: '2' } });
    const { url } = stage;
    const headers = { connection: 'close' };
    for (let second = 0; second < 40; second++) await ask(url, '', timed(second), headers);
    const { calls, misses } = await get<EffectivenessReport>(url, '/api/diagnostics/effectiveness');
    expect(calls.total).toBe(40);
    expect(misses.looked + misses.passedOver).toBe(40);
    expect(misses.classes[0]).toMatchObject({ class: 'timestamp' });
  });
});
