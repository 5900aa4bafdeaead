import { createCache } from '@ai-toolkit/core-cache';
import { describe, expect, it } from 'vitest';
import { createAiClient, type Entry, entryCodec, type Pipeline } from '../../src/index.js';
import { createStage, type Stage } from '../support/stage.js';
import { rejection } from './support/all.js';

const embeddingModel = 'text-embedding-3-small';
const provider = 'openai-compatible';

function clientOf({ pipeline }: { readonly pipeline: Pipeline }) {
  return createAiClient({ pipeline, embeddingModel });
}

/** The newest record, and input tokens of each of its parts. */
function last({ records }: Stage) {
  const record = records.at(-1);
  const parts = record?.parts?.map(({ cache, usage }) => [cache, usage?.inputTokens]);
  return { ...record, parts: parts && Object.fromEntries(parts) };
}

describe('the record of an embed call', () => {
  it('is one, whether the vectors were asked for, there, or both', async () => {
    await using stage = await createStage();
    const client = clientOf(stage);
    await client.embed(['high tide', 'low tide'], { labels: { project: 'p' } });
    const billed = stage.simulator.stats().tokens.input;
    expect(last(stage)).toEqual({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      startedAt: expect.any(Number),
      surface: 'embeddings',
      provider,
      model: embeddingModel,
      tenant: 'default',
      streamed: false,
      cache: 'miss',
      status: 'ok',
      httpStatus: 200,
      usage: { inputTokens: billed, outputTokens: 0 },
      durationMs: expect.any(Number),
      upstreamMs: expect.any(Number),
      attempts: 1,
      labels: { project: 'p' },
      parts: undefined,
    });

    await client.embed(['low tide', 'high tide', 'low tide']);
    expect(last(stage)).toMatchObject({
      provider,
      model: embeddingModel,
      cache: 'hit',
      status: 'ok',
      attempts: 0,
      usage: { inputTokens: billed },
      parts: undefined,
    });
    expect(last(stage)).not.toHaveProperty('upstreamMs');

    await client.embed(['low tide', 'spring tide', 'high tide']);
    const asked = stage.simulator.stats().tokens.input - billed;
    expect(last(stage)).toMatchObject({
      cache: 'miss',
      attempts: 1,
      usage: { inputTokens: asked + billed },
      parts: { miss: asked, hit: billed },
    });
    expect(stage.records).toHaveLength(3);
    expect(new Set(stage.records.map(({ requestId }) => requestId)).size).toBe(3);
  });

  it('is one for all the batches of a call', async () => {
    await using stage = await createStage();
    const many = Array.from({ length: 2049 }, (_, index) => `t${index}`);
    await clientOf(stage).embed(many, { dimensions: 4 });
    expect(stage.records).toHaveLength(1);
    expect(last(stage)).toMatchObject({
      cache: 'miss',
      attempts: 2,
      usage: { inputTokens: stage.simulator.stats().tokens.input },
    });
  });

  it('says how the provider was asked', async () => {
    await using stage = await createStage();
    const client = clientOf(stage);
    for (const mode of ['default', 'refresh', 'bypass', 'only-if-cached'] as const)
      await client.embed('tide', { cache: { mode } });
    expect(stage.records.map(({ cache }) => cache)).toEqual(['miss', 'refresh', 'bypass', 'hit']);
  });

  it('bills a shared batch to one of those who share it, and saves it for the others', async () => {
    await using stage = await createStage({}, { faults: ['delay=30'] });
    const client = clientOf(stage);
    await Promise.all(Array.from({ length: 5 }, () => client.embed(['a', 'b'])));
    const tokens = stage.simulator.stats().tokens.input;
    expect(stage.records.map(({ cache }) => cache).sort()).toEqual([...Array(4).fill('coalesced'), 'miss']);
    expect(stage.records.every(({ usage }) => usage?.inputTokens === tokens)).toBe(true);
    expect(stage.records.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(1);
  });

  it('tells of failures with what they cost', async () => {
    await using stage = await createStage({ maxRetries: 0 });
    const client = clientOf(stage);
    await client.embed('known');
    await rejection(client.embed(['known', 'new'], { cache: { mode: 'only-if-cached' } }));
    expect(last(stage)).toMatchObject({ status: 'error', errorCode: 'AI_NOT_CACHED', attempts: 0 });
    expect(last(stage)).not.toHaveProperty('usage');
    stage.simulator.setFaults('status=500; times=1');
    await rejection(client.embed(['known', 'new']));
    expect(last(stage)).toMatchObject({
      status: 'error',
      errorCode: 'AI_PROVIDER',
      httpStatus: 500,
      attempts: 1,
    });
    // A provider that gives no vectors is paid for what it gives.
    stage.simulator.setFaults('empty-choices; times=1');
    await rejection(client.embed(['known', 'new']));
    expect(last(stage)).toMatchObject({ status: 'error', errorCode: 'AI_RESPONSE_INVALID' });
    expect(stage.records).toHaveLength(4);
    await client.embed([]);
    expect(stage.records).toHaveLength(4);
  });

  it('is made when the request has ended that an aborted call left to another', async () => {
    await using stage = await createStage({}, { faults: ['delay=60'] });
    const client = clientOf(stage);
    const leaving = new AbortController();
    const left = rejection(client.embed(['a'], { signal: leaving.signal, labels: { who: 'left' } }));
    const stayed = client.embed(['a'], { labels: { who: 'stayed' } });
    await expect.poll(() => stage.pipeline.stats().openCalls).toBe(2);
    const reason = new Error('enough');
    leaving.abort(reason);
    expect(await left).toBe(reason);
    await stayed;
    const tokens = stage.simulator.stats().tokens.input;
    await expect.poll(() => stage.records.length).toBe(2);
    const of = (who: string) => stage.records.find(({ labels }) => labels?.who === who);
    expect(of('left')).toMatchObject({
      status: 'aborted',
      cache: 'miss',
      usage: { inputTokens: tokens },
      attempts: 1,
    });
    expect(of('stayed')).toMatchObject({
      status: 'ok',
      cache: 'coalesced',
      usage: { inputTokens: tokens },
      attempts: 0,
    });
  });

  it('names who made the vectors, also of those that another process stored', async () => {
    const cache = createCache<Entry>({ codec: entryCodec });
    await using stage = await createStage();
    const model = `${provider}/${embeddingModel}`;
    await createAiClient({ pipeline: stage.pipeline, cache }).embed('tide', { model });
    await createAiClient({ pipeline: stage.pipeline, cache }).embed('tide', { model });
    expect(stage.records.map((record) => [record.cache, record.provider, record.model])).toEqual([
      ['miss', provider, embeddingModel],
      ['hit', provider, embeddingModel],
    ]);
    await cache.close();
  });

  it('goes to the listener of the request where it has one', async () => {
    await using stage = await createStage();
    const heard: unknown[] = [];
    const body = Buffer.from(JSON.stringify({ model: embeddingModel, input: 'tide' }));
    for (let turn = 0; turn < 2; turn++)
      await new Promise<void>((resolve) => {
        stage.pipeline.exchange(
          { surface: 'embeddings', body, onCall: ({ cache }) => heard.push(cache) },
          { onHead: () => {}, onData: () => true, onEnd: () => resolve(), onError: () => resolve() },
        );
      });
    expect(heard).toEqual(['miss', 'hit']);
    expect(stage.records).toEqual([]);
  });
});
