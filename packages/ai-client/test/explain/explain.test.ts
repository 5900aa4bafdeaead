import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCache } from '@ai-toolkit/core-cache';
import { describe, expect, it } from 'vitest';
import { createPipeline, type Entry, entryCodec, openaiProvider, type Provider } from '../../src/index.js';
import { chat, run } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

describe('pipeline.explain', () => {
  it('says the key, what it is made of, and whether there is an answer', async () => {
    await using stage = await createStage();
    const request = chat(
      'Hello',
      { stream: true, user: 'ada' },
      {
        tenant: 'acme',
        headers: { 'openai-beta': 'x', cookie: 'session=1', authorization: 'Bearer sk-1' },
        cache: { namespace: 'eval', sample: 2 },
      },
    );
    const before = await stage.pipeline.explain(request);
    expect(before).toEqual({
      surface: 'chat',
      model: 'gpt-4o-mini',
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      scope: {
        provider: 'openai-compatible',
        baseUrl: stage.simulator.openaiBaseUrl,
        tenant: 'acme',
        namespace: 'eval',
        headers: { 'openai-beta': 'x', cookie: '[redacted]' },
        sample: 2,
        ownCredentials: true,
      },
      excludedFields: ['stream', 'user'],
      alternatives: [],
      skipped: [],
      stored: { status: 'miss' },
    });
    const { head } = await run(stage.pipeline, request);
    expect(head?.key).toBe(before.key);
    const after = await stage.pipeline.explain(request);
    expect(after.stored).toMatchObject({
      status: 'hit',
      tier: 'memory',
      ageMs: expect.any(Number),
      ttlMs: expect.any(Number),
    });
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('says why a request is never cached, and who else may answer', async () => {
    const here = openaiProvider('http://127.0.0.1:1/v1', undefined, 'here');
    const there = openaiProvider('http://127.0.0.1:2/v1', undefined, 'there');
    await using pipeline = createPipeline({
      providers: [here, there],
      routes: [
        {
          model: 'gpt*',
          targets: [{ provider: 'here' }],
          fallbacks: [{ provider: 'there', model: 'other' }],
        },
      ],
    });
    const never = await pipeline.explain(chat('Hi', { web_search_options: {} }));
    expect(never).toMatchObject({
      bypassReason: 'the provider searches the web for it',
      alternatives: [{ provider: 'there', model: 'other' }],
    });
    expect(never).not.toHaveProperty('key');
    expect(never).not.toHaveProperty('stored');
    expect(await pipeline.explain(chat('Hi', {}, { cache: { read: false, store: false } }))).toMatchObject({
      bypassReason: 'the caller neither reads nor stores',
    });
  });

  it('shows no credentials', async () => {
    const secret = 'sk-0123456789abcdef0123456789abcdef';
    const provider: Provider = {
      name: 'p',
      baseUrl: `https://ada:hunter2@example.com/v1?key=${secret}`,
      headers: { authorization: `Bearer ${secret}` },
    };
    await using pipeline = createPipeline({ providers: [provider] });
    const told = await pipeline.explain(chat(`My key is ${secret}.`, {}, { provider }), {
      against: chat(
        `My key is ${secret}!`,
        {},
        { provider: { ...provider, headers: { authorization: 'Bearer other' } } },
      ),
    });
    expect(told.scope.ownCredentials).toBe(true);
    expect(told.comparison?.differences.map(({ path }) => path)).toEqual([
      'credentials',
      'messages[0].content',
    ]);
    expect(JSON.stringify(told)).not.toMatch(/0123456789abcdef|hunter2|"Bearer/);
  });

  it('compares with another request', async () => {
    await using stage = await createStage();
    const { comparison } = await stage.pipeline.explain(chat('It is 10:15. Hello'), {
      against: chat('It is 10:16. Hello', { user: 'ada' }),
    });
    expect(comparison).toMatchObject({
      sameKey: false,
      differences: [
        {
          path: 'messages[0].content',
          onlyIn: ['timestamp'],
          here: '"It is 10:15. Hello"',
          changesKey: true,
        },
        { path: 'user', changesKey: false },
      ],
      omitted: 0,
    });
  });

  it('compares with a stored answer by its key', async () => {
    await using stage = await createStage();
    const stored = await run(stage.pipeline, chat('Hello', { temperature: 0.2 }));
    const key = stored.head?.key ?? '';
    const { comparison } = await stage.pipeline.explain(chat('Hello there', { temperature: 0.7 }), {
      against: key,
    });
    expect(comparison).toMatchObject({
      sameKey: false,
      differences: [
        { path: 'messages[0].content', here: '"Hello there"' },
        { path: 'temperature', here: '0.7', there: '0.2' },
      ],
    });
    expect(
      (await stage.pipeline.explain(chat('Hello', { temperature: 0.2 }), { against: key })).comparison,
    ).toEqual({
      sameKey: true,
      differences: [],
      omitted: 0,
    });
    await expect(stage.pipeline.explain(chat('Hello'), { against: 'nothing' })).rejects.toMatchObject({
      code: 'AI_NOT_CACHED',
    });
  });

  it('leaves no trace in the cache: neither counts nor copies in memory', async () => {
    const path = await mkdtemp(join(tmpdir(), 'explain-'));
    const create = () => createCache<Entry>({ namespace: 'answers', disk: { path }, codec: entryCodec });
    await using stage = await createStage();
    const { providers } = stage.pipeline;
    {
      await using cache = create();
      await using pipeline = createPipeline({ providers, cache });
      await run(pipeline, chat('One'));
      await run(pipeline, chat('Two'));
    }
    await using cache = create();
    await using pipeline = createPipeline({ providers, cache, offline: true });
    await cache.ready();
    const before = cache.stats();
    const told = await pipeline.explain(chat('One', { temperature: 1 }), { nearest: true });
    expect(told).toMatchObject({ stored: { status: 'miss' }, nearest: { compared: 2 } });
    expect(await pipeline.explain(chat('One'), { against: told.nearest?.entry?.key ?? '' })).toMatchObject({
      stored: { status: 'hit', tier: 'disk' },
    });
    expect(cache.stats()).toEqual(before);
    await cache.close();
    await rm(path, { recursive: true });
  });

  it('finds the nearest stored answer, of the same tenant alone', async () => {
    await using stage = await createStage();
    await run(stage.pipeline, chat('Hello', { temperature: 0.2, seed: 1 }));
    const near = await run(stage.pipeline, chat('Hello', { temperature: 0.3 }));
    await run(stage.pipeline, chat('Another', { temperature: 1 }));
    await run(stage.pipeline, chat('Hello', { temperature: 0.7 }, { tenant: 'acme' }));
    const asked = chat('Hello', { temperature: 0.4 });
    const { nearest } = await stage.pipeline.explain(asked, { nearest: true });
    expect(nearest).toMatchObject({
      entry: { key: near.head?.key, differences: [{ path: 'temperature', here: '0.4', there: '0.3' }] },
      compared: 3,
      passedOver: 1,
    });
    const other = await stage.pipeline.explain({ ...asked, tenant: 'nobody' }, { nearest: true });
    expect(other.nearest).toEqual({ compared: 0, passedOver: 4 });
    const bounded = await stage.pipeline.explain(asked, { nearest: true, maxEntries: 1 });
    expect((bounded.nearest?.compared ?? 0) + (bounded.nearest?.passedOver ?? 0)).toBe(4);
    expect(bounded.nearest?.compared).toBeLessThanOrEqual(1);
    await expect(stage.pipeline.explain(asked, { maxEntries: 0 })).rejects.toThrow(RangeError);
  });

  it('ends with its signal, and fails as the request would', async () => {
    await using stage = await createStage();
    const reason = new Error('enough');
    await expect(stage.pipeline.explain(chat('Hi', {}, { signal: AbortSignal.abort(reason) }))).rejects.toBe(
      reason,
    );
    await expect(stage.pipeline.explain({ surface: 'chat', body: Buffer.from('{') })).rejects.toMatchObject({
      code: 'AI_REQUEST_INVALID',
    });
  });
});

describe('offline', () => {
  it('answers from the cache, and names the nearest entry when it cannot', async () => {
    await using cache = createCache<Entry>({ codec: entryCodec });
    await using stage = await createStage({ cache });
    await run(stage.pipeline, chat('Hello', { temperature: 0.2 }));
    await using offline = createPipeline({ providers: stage.pipeline.providers, cache, offline: true });
    expect((await run(offline, chat('Hello', { temperature: 0.2 }))).head?.cache).toBe('hit');
    const { error } = await run(offline, chat('Hello', { temperature: 0.9 }));
    expect(error).toMatchObject({
      code: 'AI_NOT_CACHED',
      status: 504,
      message: 'No stored answer fits the request, and the pipeline is offline.',
      hint: expect.stringMatching(
        /The nearest stored answer has the key [0-9a-f]{64}: temperature differs \(0.9 here, 0.2 there\)/,
      ),
    });
    // Errors end up in logs: they name the place, and show no text.
    const other = await run(offline, chat('A secret', { temperature: 0.2 }));
    expect(other.error).toMatchObject({
      hint: expect.stringMatching(/messages\[0\]\.content differs(?:;|\.)/),
    });
    const refreshed = await run(offline, chat('Hello', { temperature: 0.2 }, { cache: { read: false } }));
    expect(refreshed.error).toMatchObject({ hint: expect.stringContaining('older than the call') });
    const only = await run(offline, chat('Hello', { seed: 1 }, { cache: { onlyIfCached: true } }));
    expect(only.error).toMatchObject({ code: 'AI_NOT_CACHED', hint: expect.stringContaining('nearest') });
    expect(stage.simulator.stats().requests).toBe(1);
    expect(offline.stats()).toEqual({ openCalls: 0, sharedFlights: 0 });
  });

  it('gives what has outlived its time, within its grace', async () => {
    let now = Date.now();
    await using cache = createCache<Entry>({ codec: entryCodec, clock: { now: () => now } });
    await using stage = await createStage({ cache });
    await run(stage.pipeline, chat('Old', {}, { cache: { ttlMs: 1000 } }));
    now += 2000;
    await using offline = createPipeline({ providers: stage.pipeline.providers, cache, offline: true });
    expect((await run(offline, chat('Old'))).head?.cache).toBe('stale');
  });
});
