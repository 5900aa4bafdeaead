import { setTimeout } from 'node:timers/promises';
import { createCache } from '@ai-toolkit/core-cache';
import { describe, expect, it } from 'vitest';
import { createPipeline, type Entry, entryCodec, type Miss, openaiProvider } from '../../src/index.js';
import { chat, run } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

function asked(system: string, user: string, rest: Record<string, unknown> = {}, more: object = {}) {
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ];
  return chat(user, { messages, temperature: 0.2, ...rest }, more);
}

const guide = 'You are a guide to the sea, and answer in one sentence.';

describe('pipeline.misses', () => {
  it('says nothing as long as it is off', async () => {
    await using stage = await createStage();
    await run(stage.pipeline, chat('Hello'));
    expect(stage.pipeline.misses()).toEqual({ enabled: false, misses: [], waiting: 0, passedOver: 0 });
  });

  it.each([
    [
      'timestamp',
      'messages[0].content',
      asked(`${guide} It is 2026-03-01T10:15:00Z.`, 'Tides?'),
      asked(`${guide} It is 2026-03-01T10:16:30Z.`, 'Tides?'),
    ],
    [
      'uuid',
      'messages[0].content',
      asked(`${guide} 6f9619ff-8b86-d011-b42d-00cf4fc964ff`, 'Tides?'),
      asked(`${guide} 7f9619ff-8b86-4011-b42d-00cf4fc964ff`, 'Tides?'),
    ],
    [
      'id',
      'messages[0].content',
      asked(`${guide} req_8fk2m1x9`, 'Tides?'),
      asked(`${guide} req_77aaq0zz`, 'Tides?'),
    ],
    ['number', 'messages[1].content', asked(guide, 'Page 7'), asked(guide, 'Page 8')],
    ['white space', 'messages[1].content', asked(guide, 'How high?'), asked(guide, 'How  high?\n')],
    ['case', 'messages[1].content', asked(guide, 'How high?'), asked(guide, 'how high?')],
    ['text', 'messages[1].content', asked(guide, 'How high?'), asked(guide, 'How low?')],
    ['parameter', 'temperature', asked(guide, 'Tides?'), asked(guide, 'Tides?', { temperature: 0.9 })],
    ['parameter', 'seed', asked(guide, 'Tides?'), asked(guide, 'Tides?', { seed: 7 })],
    ['model', 'model', asked(guide, 'Tides?'), asked(guide, 'Tides?', { model: 'gpt-4o' })],
    [
      'header',
      'headers',
      asked(guide, 'Tides?'),
      asked(guide, 'Tides?', {}, { headers: { 'openai-beta': 'x' } }),
    ],
    ['scope', 'namespace', asked(guide, 'Tides?'), asked(guide, 'Tides?', {}, { cache: { namespace: 'n' } })],
    [
      'order',
      'tools',
      asked(guide, 'Tides?', { tools: [tool('a'), tool('b')] }),
      asked(guide, 'Tides?', { tools: [tool('b'), tool('a')] }),
    ],
  ] as const)('names a %s in %s', async (found, path, first, second) => {
    await using stage = await createStage({ recordMisses: true });
    await run(stage.pipeline, first);
    await run(stage.pipeline, second);
    const { misses, passedOver } = stage.pipeline.misses();
    expect(passedOver).toBe(0);
    expect(misses).toMatchObject([
      { cause: 'near', nearest: misses[1]?.key, differences: [{ path, class: found }] },
      { cause: 'new' },
    ]);
    // No word of what was asked.
    expect(JSON.stringify(misses)).not.toMatch(/guide|Tides|How/);
  });

  it('knows one message more', async () => {
    await using stage = await createStage({ recordMisses: true });
    const turns = [
      { role: 'user', content: 'Tides?' },
      { role: 'assistant', content: 'The moon.' },
    ];
    await run(stage.pipeline, chat('', { messages: turns }));
    await run(stage.pipeline, chat('', { messages: [{ role: 'system', content: guide }, ...turns] }));
    expect(stage.pipeline.misses().misses[0]?.differences).toEqual([
      { path: 'messages[0]', class: 'item added' },
    ]);
  });

  it('takes a request that differs in much for a new one', async () => {
    await using stage = await createStage({ recordMisses: true });
    await run(stage.pipeline, asked(guide, 'Tides?'));
    await run(
      stage.pipeline,
      asked('You sort words.', 'b, a', { temperature: 1, model: 'gpt-4o', seed: 1, top_p: 0.3 }),
    );
    expect(stage.pipeline.misses().misses.map(({ cause }) => cause)).toEqual(['new', 'new']);
  });

  it('never compares what two tenants ask', async () => {
    await using stage = await createStage({ recordMisses: true });
    await run(stage.pipeline, asked(guide, 'Tides?', {}, { tenant: 'one' }));
    await run(stage.pipeline, asked(guide, 'Tides?', { seed: 1 }, { tenant: 'two' }));
    await run(stage.pipeline, asked(guide, 'Tides?', { seed: 2 }, { tenant: 'one' }));
    const { misses } = stage.pipeline.misses();
    expect(misses.map(({ tenant, cause, nearest }) => [tenant, cause, nearest])).toEqual([
      ['one', 'near', misses[2]?.key],
      ['two', 'new', undefined],
      ['one', 'new', undefined],
    ]);
  });

  it('tells wishes of the caller, requests that are never cached, and answers that were lost', async () => {
    const cache = createCache<Entry>({ codec: entryCodec, memory: { maxBytes: 1e6 } });
    await using stage = await createStage({ recordMisses: true, cache, maxRetries: 0 });
    const { pipeline, simulator } = stage;
    const lost = asked(guide, 'Lost');
    await run(pipeline, lost);
    await cache.clear();
    await run(pipeline, lost);
    simulator.setFaults('status=500; times=1');
    const failed = asked('Another guide, to the stars.', 'Failed');
    await run(pipeline, failed);
    await run(pipeline, failed);
    const short = asked(
      'A third one, to the hills.',
      'Short',
      {},
      { cache: { ttlMs: 30, staleIfErrorMs: 0 } },
    );
    await run(pipeline, short);
    await setTimeout(60);
    await run(pipeline, short);
    await run(pipeline, asked(guide, 'Lost', {}, { cache: { read: false } }));
    await run(pipeline, asked(guide, 'Not for keeps', {}, { cache: { store: false } }));
    await run(pipeline, asked(guide, 'Nor this', {}, { cache: { ttlMs: 0 } }));
    await run(pipeline, asked(guide, 'Searches', { web_search_options: {} }));
    const told = pipeline.misses().misses.map(({ cause, reason }: Miss) => reason ?? cause);
    expect(told).toEqual([
      'the provider searches the web for it',
      'no-store',
      'no-store',
      'refresh',
      'expired',
      'new',
      'not kept',
      'new',
      'evicted',
      'new',
    ]);
  });

  it('passes over what comes too fast, and looks at the rest by itself', async () => {
    await using stage = await createStage({ recordMisses: true });
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => run(stage.pipeline, asked(guide, `${index}`))),
    );
    const { misses, waiting, passedOver } = stage.pipeline.misses();
    expect(waiting).toBe(0);
    expect(misses.length + passedOver).toBe(100);
    expect(misses.length).toBeGreaterThanOrEqual(32);
  });

  it('is closed with its pipeline, and keeps no process from ending', async () => {
    const pipeline = createPipeline({
      providers: [openaiProvider('http://127.0.0.1:9/v1', undefined, 'nobody')],
      recordMisses: true,
      maxRetries: 0,
    });
    await run(pipeline, asked(guide, 'Tides?'));
    await pipeline.close();
    expect(pipeline.misses().misses).toEqual([]);
  });
});

function tool(name: string): object {
  return { type: 'function', function: { name, parameters: { type: 'object' } } };
}

describe('explain beside the record of misses', () => {
  it('finds the nearest of many stored requests by their fields, and loads no others', async () => {
    const cache = createCache<Entry>({ codec: entryCodec, memory: { maxEntries: 50_000, maxBytes: 1e9 } });
    await using stage = await createStage({ recordMisses: true, cache });
    const { pipeline } = stage;
    await run(pipeline, asked(guide, 'The nearest'));
    const { head } = await run(pipeline, asked('You sort words.', 'b, a', { seed: 1 }));
    const found = await cache.inspect(head?.key ?? '');
    if (found.status !== 'hit') throw new Error('The answer was not stored.');
    for (let index = 0; index < 20_000; index++)
      await cache.set(`copy ${index}`, found.value, { tags: ['model:gpt-4o-mini'] });
    const { nearest } = await pipeline.explain(asked(guide, 'The nearest', { seed: 7 }), { nearest: true });
    expect(nearest?.entry?.differences).toMatchObject([{ path: 'seed', class: 'parameter' }]);
    expect(nearest?.compared).toBeLessThan(16);
    const key = nearest?.entry?.key ?? '';
    const stored = await pipeline.explainStored(key);
    expect(stored.entry?.key).not.toBe(key);
    await expect(pipeline.explainStored('0'.repeat(64))).rejects.toMatchObject({ code: 'AI_NOT_CACHED' });
  });
});
