import { createCache } from '@ai-toolkit/core-cache';
import { describe, expect, it } from 'vitest';
import { splitInputs } from '../../src/client/split-inputs.js';
import { createAiClient, createPipeline, type Entry, entryCodec, openaiProvider } from '../../src/index.js';
import { createStage, type Stage } from '../support/stage.js';
import { all, rejection } from './support/all.js';

const embeddingModel = 'text-embedding-3-small';

function sentInputs(stage: Stage): unknown[] {
  return stage.simulator.requests().map(({ body }) => (body as { input: unknown }).input);
}

describe('embed', () => {
  it('gives one vector for each input, in order, asked for in one request', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, embeddingModel });
    const texts = ['tides', 'moon', 'tides', 'harbour'];
    const { vectors, dimensions, model, usage, cache } = await client.embed(texts);
    expect(vectors).toHaveLength(4);
    expect(dimensions).toBe(1536);
    expect(vectors.every((vector) => vector instanceof Float32Array && vector.length === dimensions)).toBe(
      true,
    );
    expect(vectors[2]).toEqual(vectors[0]);
    expect(vectors[1]).not.toEqual(vectors[0]);
    expect(Math.hypot(...(vectors[0] ?? []))).toBeCloseTo(1, 5);
    expect(model).toBe(embeddingModel);
    expect(cache).toEqual(['miss', 'miss', 'miss', 'miss']);
    expect(usage?.inputTokens).toBe(stage.simulator.stats().tokens.input);
    expect(stage.simulator.requests()).toMatchObject([
      { body: { input: ['tides', 'moon', 'harbour'], encoding_format: 'base64', model: embeddingModel } },
    ]);
    const single = await client.embed('tides');
    expect(single).toMatchObject({ cache: ['hit'], model: embeddingModel });
    expect(single.vectors).toEqual([vectors[0]]);
    expect(single).not.toHaveProperty('usage');
  });

  it('sends the one of a hundred that it does not know', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, embeddingModel });
    const texts = Array.from({ length: 100 }, (_, index) => `text ${index}`);
    const before = await client.embed(texts.filter((text) => text !== 'text 41'));
    const known = await client.embed(texts);
    expect(sentInputs(stage)[1]).toEqual(['text 41']);
    expect(known.cache.filter((outcome) => outcome === 'hit')).toHaveLength(99);
    expect(known.cache[41]).toBe('miss');
    expect(known.vectors.filter((_, index) => index !== 41)).toEqual(before.vectors);
    expect(stage.records.map(({ surface, cache }) => [surface, cache])).toEqual([
      ['embeddings', 'miss'],
      ['embeddings', 'miss'],
    ]);
  });

  it('splits what is more than a provider takes, and keeps the order', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, embeddingModel });
    const many = Array.from({ length: 2049 }, (_, index) => `t${index}`);
    const { vectors } = await client.embed(many, { dimensions: 4 });
    const sizes = sentInputs(stage).map((input) => (input as unknown[]).length);
    expect(sizes.sort((a, b) => a - b)).toEqual([1, 2048]);
    expect(vectors).toHaveLength(2049);
    const [last] = (await client.embed('t2048', { dimensions: 4 })).vectors;
    expect(vectors[2048]).toEqual(last);
  });

  it('divides by bytes of UTF-8, of which a token has at least one; a longer text goes alone', () => {
    const [a, e, b] = ['a'.repeat(200_000), 'é'.repeat(60_000), 'b'.repeat(400_000)];
    expect(splitInputs([a, e, b, 'c', 'd'])).toEqual([[a], [e], [b], ['c', 'd']]);
    expect(splitInputs([a, 'c', e.slice(0, 1000), 'a'.repeat(97_999)])).toHaveLength(1);
    expect(splitInputs([])).toEqual([]);
  });

  it('keeps apart what gives other vectors, and obeys the modes of the cache', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, embeddingModel });
    const outcome = async (options: Parameters<typeof client.embed>[1]): Promise<unknown> =>
      (await client.embed('tides', options)).cache[0];
    expect(await outcome({})).toBe('miss');
    expect(await outcome({ dimensions: 8 })).toBe('miss');
    expect(await outcome({ model: 'text-embedding-3-large' })).toBe('miss');
    expect(await outcome({ cache: { namespace: 'other' } })).toBe('miss');
    expect(await outcome({ cache: { namespace: 'other' } })).toBe('hit');
    expect(await outcome({ cache: { mode: 'refresh' } })).toBe('refresh');
    expect(await outcome({ cache: { mode: 'bypass' } })).toBe('bypass');
    expect(await outcome({ cache: { mode: 'only-if-cached' } })).toBe('hit');
    const error = await rejection(client.embed(['tides', 'new'], { cache: { mode: 'only-if-cached' } }));
    expect(error).toMatchObject({ code: 'AI_NOT_CACHED', message: expect.stringMatching(/^1 of 2 vectors/) });
    await client.embed('fleeting', { cache: { ttlMs: 0 } });
    expect((await client.embed('fleeting')).cache).toEqual(['miss']);
  });

  it('asks once for the same batch at the same time', async () => {
    await using stage = await createStage({}, { faults: ['delay=30'] });
    const client = createAiClient({ pipeline: stage.pipeline, embeddingModel });
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.embed(['a', 'b'])));
    expect(stage.simulator.requests()).toHaveLength(1);
    expect(answers.map(({ cache }) => cache[0]).sort()).toEqual([...Array(19).fill('coalesced'), 'miss']);
  });

  it('outlives the process in a cache that does, and takes an entry for what it is', async () => {
    const cache = createCache<Entry>({ codec: entryCodec });
    await using stage = await createStage({ cache });
    const { vectors } = await createAiClient({ pipeline: stage.pipeline, embeddingModel, cache }).embed([
      'tides',
      'a longer text of more tokens than the other',
    ]);
    const other = createAiClient({ pipeline: stage.pipeline, embeddingModel, cache });
    expect((await other.embed('tides')).vectors).toEqual([vectors[0]]);
    let tokens = 0;
    // The batch itself is not kept beside its vectors.
    expect(await all(cache.entries({ includeStale: true }))).toHaveLength(2);
    for await (const { key, tags } of cache.entries()) {
      const entry = await cache.get(key);
      expect(tags).toEqual([`model:${embeddingModel}`]);
      expect(JSON.parse(Buffer.from(entry?.bytes ?? []).toString())).toMatchObject({
        object: 'list',
        data: [{ index: 0 }],
        usage: { prompt_tokens: entry?.metadata.usage?.inputTokens },
      });
      tokens += entry?.metadata.usage?.inputTokens ?? 0;
    }
    expect(tokens).toBe(stage.simulator.stats().tokens.input);
    await using elsewhere = createPipeline({ providers: [openaiProvider('http://127.0.0.1:9/v1')] });
    const stranger = createAiClient({ pipeline: elsewhere, embeddingModel, cache });
    await expect(stranger.embed('tides', { cache: { mode: 'only-if-cached' } })).rejects.toMatchObject({
      code: 'AI_NOT_CACHED',
    });
    await cache.close();
  });

  it('fails as a call does, and keeps what was paid for', async () => {
    await using stage = await createStage({ maxRetries: 0 });
    const client = createAiClient({ pipeline: stage.pipeline, embeddingModel });
    expect(await rejection(client.embed(['a', '']))).toMatchObject({
      code: 'AI_REQUEST_INVALID',
      message: 'Input 1 is empty.',
    });
    expect(await client.embed([])).toEqual({ vectors: [], dimensions: 0, model: '', cache: [] });
    stage.simulator.setFaults('empty-choices; times=1');
    expect(await rejection(client.embed('b'))).toMatchObject({ code: 'AI_RESPONSE_INVALID' });
    stage.simulator.setFaults('status=500; times=1');
    expect(await rejection(client.embed('b'))).toMatchObject({ code: 'AI_PROVIDER', status: 500 });
    const reason = new Error('enough');
    expect(await rejection(client.embed('b', { signal: AbortSignal.abort(reason) }))).toBe(reason);
    stage.simulator.setFaults('delay=10000');
    expect(await rejection(client.embed('c', { timeoutMs: 5 }))).toMatchObject({ code: 'AI_TIMEOUT' });
    stage.simulator.clearFaults();
    expect((await client.embed('b')).cache).toEqual(['miss']);
  });
});
