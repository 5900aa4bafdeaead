import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCache } from '@ai-toolkit/core-cache';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CachedAnswer, createAiClient, createCachedAiClient, type Generation } from '../../src/index.js';
import { createStage } from '../support/stage.js';
import { all, rejection } from './support/all.js';
import { createFakeClient } from './support/fake-client.js';

describe('createCachedAiClient', () => {
  it('answers a call that was made before, and says so', async () => {
    const fake = createFakeClient();
    const client = createCachedAiClient({ client: fake });
    const first = await client.generate('Tides?');
    expect(first).toMatchObject({ text: 'Twice a day.', cache: 'bypass' });
    expect(await client.generate('Tides?')).toEqual({ ...first, cache: 'hit', attempts: 0 });
    expect(await client.generate([{ role: 'user', content: 'Tides?' }])).toMatchObject({ cache: 'hit' });
    expect(fake.calls).toHaveLength(1);
  });

  it('gives each caller an answer of its own, whatever becomes of it', async () => {
    const fake = createFakeClient();
    fake.answer = () => ({ toolCalls: [{ id: 'a', name: 'look', arguments: { at: ['low'] } }] });
    const client = createCachedAiClient({ client: fake });
    for (const cache of ['bypass', 'hit', 'hit']) {
      const answer = await client.generate('Tides?');
      expect(answer).toMatchObject({
        text: 'Twice a day.',
        toolCalls: [{ arguments: { at: ['low'] } }],
        cache,
      });
      const [call] = answer.toolCalls ?? [];
      Object.assign(answer, { text: 'Never.' });
      Object.assign((call as { arguments: object }).arguments, { at: [] });
      const vectors = (await client.embed(['tide', 'tide'])).vectors.map((vector) => vector.fill(7, 0, 1));
      expect(vectors[0]).not.toBe(vectors[1]);
      expect((await client.embed('tide')).vectors[0]?.[0]).toBe(4);
    }
  });

  it('takes for another call what may be answered otherwise, and for the same what may not', async () => {
    const fake = createFakeClient();
    const client = createCachedAiClient({ client: fake });
    const others = [
      {},
      { model: 'other' },
      { temperature: 0 },
      { system: 'Be brief.' },
      { tools: [{ name: 'f' }] },
      { cache: { namespace: 'n' } },
      { cache: { sample: 1 } },
      // An option that is not known here changes the key all the same.
      { futureOption: true } as object,
    ];
    for (const options of others) await client.generate('x', options);
    expect(fake.calls).toHaveLength(others.length);
    await client.generate('x', {
      timeoutMs: 60_000,
      idleTimeoutMs: 5_000,
      priority: 3,
      labels: { project: 'p' },
      cache: { ttlMs: 5, sample: 0 },
      signal: new AbortController().signal,
    });
    await client.generate('x', { temperature: 0 });
    expect(fake.calls).toHaveLength(others.length);
  });

  it('replays a stream as the same events, and makes one of a whole answer', async () => {
    const fake = createFakeClient();
    const client = createCachedAiClient({ client: fake });
    const live = await all(client.generateStreaming('Tides?'));
    const replayed = await all(client.generateStreaming('Tides?'));
    expect(live).toHaveLength(3);
    expect(replayed.slice(0, -1)).toEqual(live.slice(0, -1));
    expect(replayed.at(-1)).toMatchObject({ generation: { cache: 'hit', text: 'Twice a day.' } });
    expect((await client.generate('Tides?')).cache).toBe('hit');
    fake.answer = () => ({
      text: 'So be it.',
      reasoning: 'Hm.',
      toolCalls: [{ id: '1', name: 'f', arguments: { a: 1 } }],
    });
    await client.generate('Moon?');
    expect(await all(client.generateStreaming('Moon?'))).toMatchObject([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'So be it.' },
      { type: 'tool-call', index: 0, id: '1', name: 'f', argumentsText: '{"a":1}' },
      { type: 'done', generation: { cache: 'hit' } },
    ]);
    expect(fake.calls).toHaveLength(2);
  });

  it.each<[string, Partial<Generation>, boolean]>([
    ['ended by itself', { finishReason: 'stop' }, true],
    [
      'calls a tool',
      { text: '', finishReason: 'tool_calls', toolCalls: [{ id: '1', name: 'f', arguments: {} }] },
      true,
    ],
    ['refuses', { refusal: 'No.' }, true],
    ['was cut off', { finishReason: 'length' }, false],
    ['was filtered', { finishReason: 'content_filter' }, false],
    ['is empty', { text: '' }, false],
  ])('keeps only what is complete: an answer that %s', async (_what, answer, kept) => {
    const fake = createFakeClient();
    fake.answer = () => answer;
    const client = createCachedAiClient({ client: fake });
    await client.generate('x');
    await client.generate('x');
    expect(fake.calls).toHaveLength(kept ? 1 : 2);
  });

  it('keeps an answer cut off by the limit of the call, and none that does not say why it ended', async () => {
    const fake = createFakeClient();
    fake.answer = () => ({ finishReason: 'length' });
    const client = createCachedAiClient({ client: fake });
    for (const _ of [1, 2]) await client.generate('x', { maxTokens: 5 });
    expect(fake.calls).toHaveLength(1);
    const { finishReason: _reason, ...silent } = await fake.generate('x');
    const other = createCachedAiClient({ client: { ...fake, generate: async () => silent } });
    await other.generate('x');
    expect((await other.generate('x')).cache).toBe('bypass');
  });

  it('makes one call of those that are the same at the same time, and lets nobody end it for others', async () => {
    const fake = createFakeClient();
    const open = Promise.withResolvers<void>();
    fake.between = () => open.promise;
    const client = createCachedAiClient({ client: fake });
    const leaving = new AbortController();
    const reason = new Error('enough');
    const first = client.generate('x', { signal: leaving.signal });
    const hurried = client.generate('x', { timeoutMs: 1 });
    const streamed = all(client.generateStreaming('x'));
    const others = Array.from({ length: 50 }, () => client.generate('x'));
    expect(await rejection(hurried)).toMatchObject({ code: 'AI_TIMEOUT' });
    leaving.abort(reason);
    await expect(first).rejects.toBe(reason);
    open.resolve();
    const texts = (await Promise.all(others)).map(({ text, cache }) => `${cache} ${text}`);
    expect(new Set(texts)).toEqual(new Set(['coalesced Twice a day.']));
    expect((await streamed).at(-1)).toMatchObject({ generation: { cache: 'coalesced' } });
    expect(fake.calls).toHaveLength(1);
    expect(fake.calls[0]).not.toHaveProperty('timeoutMs');
    expect(fake.aborted).toBe(0);
  });

  it('ends a stream that its only reader leaves, and keeps nothing of it', async () => {
    const fake = createFakeClient();
    fake.between = () => new Promise(() => undefined);
    const client = createCachedAiClient({ client: fake });
    for await (const event of client.generateStreaming('x')) {
      expect(event).toEqual({ type: 'text', text: 'Twice ' });
      break;
    }
    await expect.poll(() => fake.aborted).toBe(1);
    fake.between = async () => undefined;
    expect((await client.generate('x')).cache).toBe('bypass');
  });

  it('gives what came before a failure, and then the failure', async () => {
    const fake = createFakeClient();
    fake.between = async () => {
      throw new Error('broken');
    };
    const client = createCachedAiClient({ client: fake });
    const texts: string[] = [];
    const reading = (async () => {
      for await (const event of client.generateStreaming('x'))
        if (event.type === 'text') texts.push(event.text);
    })();
    await expect(reading).rejects.toThrow('broken');
    expect(texts).toEqual(['Twice ']);
    async function* cut(): AsyncGenerator<never> {}
    const short = createCachedAiClient({ client: { ...fake, generateStreaming: cut } });
    expect(await rejection(all(short.generateStreaming('x')))).toMatchObject({
      code: 'AI_STREAM_INCOMPLETE',
    });
  });

  it('never mixes what it has shown with a stale answer, and gives that alone', async () => {
    let now = 1_000_000;
    const cache = createCache<CachedAnswer>({ clock: { now: () => now }, staleIfErrorMs: 60_000 });
    const fake = createFakeClient();
    const client = createCachedAiClient({ client: fake, cache, ttlMs: 1_000 });
    await all(client.generateStreaming('x'));
    now += 2_000;
    fake.between = async () => {
      throw new Error('broken');
    };
    await expect(all(client.generateStreaming('x'))).rejects.toThrow('broken');
    expect(await client.generate('x')).toMatchObject({ cache: 'stale', text: 'Twice a day.' });
    await cache.close();
  });

  it('obeys the modes of the cache', async () => {
    const fake = createFakeClient();
    const client = createCachedAiClient({ client: fake });
    const only = { cache: { mode: 'only-if-cached' } } as const;
    expect(await rejection(client.generate('x', only))).toMatchObject({ code: 'AI_NOT_CACHED' });
    expect(await rejection(all(client.generateStreaming('x', only)))).toMatchObject({
      code: 'AI_NOT_CACHED',
    });
    for (const _ of [1, 2]) await client.generate('x', { cache: { mode: 'bypass' } });
    await all(client.generateStreaming('x', { cache: { mode: 'bypass' } }));
    await client.embed('x', { cache: { mode: 'bypass' } });
    expect(fake.calls).toHaveLength(4);
    await client.generate('x');
    fake.answer = () => ({ text: 'Newer.' });
    expect((await client.generate('x', { cache: { mode: 'refresh' } })).text).toBe('Newer.');
    expect(await client.generate('x', only)).toMatchObject({ text: 'Newer.', cache: 'hit' });
    await client.generate('y', { cache: { ttlMs: 0 } });
    expect((await client.generate('y')).cache).toBe('bypass');
  });

  it('keeps each vector by itself', async () => {
    const fake = createFakeClient();
    const client = createCachedAiClient({ client: fake });
    await client.embed(['a', 'bb']);
    const mixed = await client.embed(['bb', 'ccc', 'a']);
    expect(mixed).toEqual({
      vectors: [Float32Array.of(2, 1), Float32Array.of(3, 1), Float32Array.of(1, 1)],
      dimensions: 2,
      model: 'fake-embed',
      cache: ['hit', 'bypass', 'hit'],
      usage: { inputTokens: 1, outputTokens: 0 },
    });
    const together = await Promise.all([client.embed(['d', 'e']), client.embed(['d', 'e'])]);
    expect(together.map(({ cache }) => cache[0]).sort()).toEqual(['bypass', 'coalesced']);
    expect(fake.embedded).toEqual([['a', 'bb'], ['ccc'], ['d', 'e']]);
    const broken = createCachedAiClient({
      client: { ...fake, embed: async (_, options) => fake.embed(['one'], options) },
    });
    expect(await rejection(broken.embed(['a', 'b']))).toMatchObject({ code: 'AI_RESPONSE_INVALID' });
  });

  it('has the methods that are made of these', async () => {
    const fake = createFakeClient();
    fake.answer = () => ({ text: '{"n":1}' });
    const client = createCachedAiClient({ client: fake });
    for (const cache of ['bypass', 'hit']) {
      const { value, generation } = await client.generateJson('x', z.object({ n: z.number() }));
      expect(value).toEqual({ n: 1 });
      expect(generation.cache).toBe(cache);
    }
    fake.answer = () => ({ toolCalls: [{ id: '1', name: 'f', arguments: { n: 2 } }] });
    const call = await client.callFunction('y', { name: 'f', parameters: z.object({ n: z.number() }) });
    expect(call.arguments).toEqual({ n: 2 });
  });

  it('keeps all of it on disk', async () => {
    const path = await mkdtemp(join(tmpdir(), 'cached-ai-client-'));
    const open = (): ReturnType<typeof createCache<CachedAnswer>> =>
      createCache<CachedAnswer>({ memory: false, disk: { path } });
    await using stage = await createStage();
    const inner = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini', embeddingModel: 'e' });
    const cache = open();
    const first = createCachedAiClient({ client: inner, cache });
    const events = await all(first.generateStreaming('Think [simulator-answer: reasoning=5]'));
    const { vectors } = await first.embed(['tides']);
    await cache.close();
    const reopened = open();
    const second = createCachedAiClient({ client: createFakeClient(), cache: reopened });
    const replayed = await all(second.generateStreaming('Think [simulator-answer: reasoning=5]'));
    expect(replayed.slice(0, -1)).toEqual(events.slice(0, -1));
    expect((await second.embed('tides')).vectors).toEqual(vectors);
    await reopened.close();
    await rm(path, { recursive: true });
  });
});
