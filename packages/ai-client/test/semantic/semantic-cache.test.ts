import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createCache } from '@ai-toolkit/core-cache';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import {
  type EmbedTexts,
  type Entry,
  type ExchangeRequest,
  entryCodec,
  openaiProvider,
  type SemanticLookupMessage,
} from '../../src/index.js';
import { chat, type Outcome, run, start } from '../support/run-exchange.js';
import { createStage, type Stage } from '../support/stage.js';

const model = 'text-embedding-3-small';
/** The simulator's vectors are made of the words of a text: nearness is the share of common words. */
const semantic = { embed: model, threshold: 0.6, timeoutMs: 10_000 };
const question = 'What is the capital of France?';
const reworded = "Hello! what's the capital of France";

function cacheOf({ head }: Outcome): string | undefined {
  return head?.cache;
}

/** Requests of the simulator by surface. */
function asked({ simulator }: Stage): string[] {
  return simulator.requests().map(({ path }) => path.replace('/v1/', ''));
}

describe('the semantic cache', () => {
  it('answers a question by the answer to one that says the same', async () => {
    await using stage = await createStage({ semantic });
    const first = await run(stage.pipeline, chat(question));
    const second = await run(stage.pipeline, chat(reworded));
    expect(cacheOf(first)).toBe('miss');
    expect(second.head).toMatchObject({
      status: 200,
      cache: 'semantic',
      attempts: 0,
      similar: { key: first.head?.key, similarity: expect.any(Number) },
    });
    expect(second.head?.key).not.toBe(first.head?.key);
    expect(second.text).toBe(first.text);
    expect(asked(stage)).toEqual(['embeddings', 'chat/completions', 'embeddings']);
  });

  it('is off unless it is asked for', async () => {
    await using stage = await createStage();
    await run(stage.pipeline, chat(question));
    expect(cacheOf(await run(stage.pipeline, chat(reworded)))).toBe('miss');
    expect(asked(stage)).toEqual(['chat/completions', 'chat/completions']);
  });

  it('says so in the headers of fetch, streamed too, and can be told not to', async () => {
    await using stage = await createStage({ semantic });
    const client = new OpenAI({
      apiKey: 'k',
      baseURL: stage.simulator.openaiBaseUrl,
      fetch: stage.pipeline.fetch,
    });
    const ask = (content: string, headers = {}) =>
      client.chat.completions
        .create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }], stream: true }, { headers })
        .withResponse();
    for await (const _chunk of (await ask(question)).data);
    const { response, data } = await ask(reworded);
    expect(response.headers.get('x-cache')).toBe('SEMANTIC');
    expect(Number(response.headers.get('x-cache-similarity'))).toBeGreaterThan(0.6);
    let text = '';
    for await (const chunk of data) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toMatch(/^Simulated/);
    const strict = await ask(reworded, { 'x-cache-semantic': 'false' });
    expect(strict.response.headers.get('x-cache')).toBe('MISS');
    for await (const _chunk of strict.data);
  });

  it('keeps the answer under the one key that it was made for', async () => {
    await using stage = await createStage({ semantic });
    await run(stage.pipeline, chat(question));
    await run(stage.pipeline, chat(reworded));
    expect(cacheOf(await run(stage.pipeline, chat(reworded)))).toBe('semantic');
    const only = await run(stage.pipeline, chat(reworded, {}, { cache: { onlyIfCached: true } }));
    expect(only.error).toMatchObject({ code: 'AI_NOT_CACHED' });
    expect(cacheOf(await run(stage.pipeline, chat(question)))).toBe('hit');
  });

  it.each<[string, Record<string, unknown>, Partial<ExchangeRequest>]>([
    ['tenant', {}, { tenant: 'acme' }],
    ['namespace', {}, { cache: { namespace: 'eval' } }],
    ['model', { model: 'gpt-4o' }, {}],
    ['temperature', { temperature: 0.5 }, {}],
    ['an unknown parameter', { x_new: 1 }, {}],
    ['a tool', { tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] }, {}],
    [
      'system prompt',
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: reworded },
        ],
      },
      {},
    ],
    [
      'earlier turns',
      {
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'Hi' },
          { role: 'user', content: reworded },
        ],
      },
      {},
    ],
    ['headers', {}, { headers: { 'x-region': 'eu' } }],
    ['a sample', {}, { cache: { sample: 1 } }],
    ['a key of its own', {}, { cache: { key: 'mine' } }],
    ['a seed', { seed: 1 }, {}],
    ['several choices', { n: 2 }, {}],
    ['a directive', {}, { cache: { semantic: false } }],
  ])('never answers across: %s', async (_name, body, rest) => {
    await using stage = await createStage({ semantic });
    await run(stage.pipeline, chat(question));
    expect(cacheOf(await run(stage.pipeline, chat(reworded, body, rest)))).toBe('miss');
  });

  it('never answers a caller who forbids it by way of a call in progress', async () => {
    const searched = Promise.withResolvers<void>();
    const found = Promise.withResolvers<void>();
    let searches = 0;
    const embed: EmbedTexts = async (texts) => {
      searches += 1;
      if (searches === 2) {
        searched.resolve();
        await found.promise;
      }
      return texts.map(() => [1, 0]);
    };
    await using stage = await createStage({ semantic: { embed, timeoutMs: 10_000 } });
    const first = await run(stage.pipeline, chat(question));
    const loose = run(stage.pipeline, chat(reworded));
    await searched.promise;
    const strict = run(stage.pipeline, chat(reworded, {}, { cache: { semantic: false } }));
    found.resolve();
    expect([cacheOf(await loose), cacheOf(await strict)]).toEqual(['semantic', 'miss']);
    expect((await strict).text).not.toBe(first.text);
  });

  it('lets a caller who forbids it join once the provider is asked, as to resume a stream', async () => {
    await using stage = await createStage({ semantic }, { faults: ['chunk-delay=5'] });
    const ids = { eventIds: true, cache: { semantic: false } };
    const begun = start(stage.pipeline, chat(question, { stream: true }, ids));
    const id = /id: (\S+)/.exec(await begun.firstBytes)?.[1] ?? '';
    const rest = await run(stage.pipeline, chat(question, { stream: true }, { ...ids, lastEventId: id }));
    expect(cacheOf(rest)).toBe('coalesced');
    expect((await begun.outcome).text).toContain(rest.text);
  });

  it('never answers past a guard, however near the vectors are', async () => {
    const embed: EmbedTexts = async (texts) => texts.map(() => [1, 0]);
    await using stage = await createStage({ semantic: { ...semantic, embed } });
    await run(stage.pipeline, chat('Which trains to Lyon leave after 5 pm?'));
    for (const other of [
      'Which trains to Lyon leave after 6 pm?',
      'Which trains to Lima leave after 5 pm?',
      "Which trains to Lyon don't leave after 5 pm?",
      'Which trains to Lyon leave before 5 pm?',
      'Quels trains pour Lyon partent après 17 h ?',
    ]) {
      expect(cacheOf(await run(stage.pipeline, chat(other)))).toBe('miss');
    }
    const same = await run(stage.pipeline, chat('Hi, which trains to Lyon leave after 5 pm? Thanks!'));
    expect(cacheOf(same)).toBe('semantic');
  });

  it('has a threshold for each namespace', async () => {
    const embed: EmbedTexts = async (texts) => texts.map((text) => (text === question ? [1, 0] : [1, 0.5]));
    const namespaces = { exact: 0.9, none: false } as const;
    await using stage = await createStage({ semantic: { embed, threshold: 0.85, namespaces } });
    const outcomes = [];
    for (const namespace of ['exact', 'none', 'other']) {
      await run(stage.pipeline, chat(question, {}, { cache: { namespace } }));
      outcomes.push(cacheOf(await run(stage.pipeline, chat(reworded, {}, { cache: { namespace } }))));
    }
    expect(outcomes).toEqual(['miss', 'miss', 'semantic']);
  });

  it('works on every surface that has questions', async () => {
    await using stage = await createStage({ semantic });
    const ask = (surface: ExchangeRequest['surface'], body: object): Promise<Outcome> =>
      run(stage.pipeline, { surface, body: Buffer.from(JSON.stringify(body)) });
    const outcomes: unknown[] = [];
    for (const text of [question, reworded]) {
      outcomes.push(cacheOf(await ask('responses', { model: 'gpt-4o-mini', input: text })));
      const messages = [{ role: 'user', content: text }];
      outcomes.push(cacheOf(await ask('messages', { model: 'claude-haiku-5-5', max_tokens: 500, messages })));
      outcomes.push(cacheOf(await ask('embeddings', { model, input: `embed ${text}` })));
    }
    expect(outcomes).toEqual(['miss', 'miss', 'miss', 'semantic', 'semantic', 'miss']);
  });

  it('gives no tool call and no refusal to another question', async () => {
    await using stage = await createStage({ semantic });
    const tools = [{ type: 'function', function: { name: 'find', parameters: { type: 'object' } } }];
    const body = { tools, tool_choice: 'required' };
    await run(stage.pipeline, chat(question, body));
    expect(cacheOf(await run(stage.pipeline, chat(reworded, body)))).toBe('miss');
    const plain = { tools, tool_choice: 'none' };
    await run(stage.pipeline, chat(question, plain));
    expect(cacheOf(await run(stage.pipeline, chat(reworded, plain)))).toBe('semantic');
  });

  it('obeys the directives: what is not stored is not learnt, what is too old is not given', async () => {
    await using stage = await createStage({ semantic });
    await run(stage.pipeline, chat(question, {}, { cache: { store: false } }));
    await run(stage.pipeline, chat(question, {}, { cache: { ttlMs: 0 } }));
    expect(cacheOf(await run(stage.pipeline, chat(reworded, {}, { cache: { store: false } })))).toBe('miss');
    await run(stage.pipeline, chat(question));
    expect(
      cacheOf(await run(stage.pipeline, chat(reworded, {}, { cache: { read: false, store: false } }))),
    ).toBe('bypass');
    expect(cacheOf(await run(stage.pipeline, chat(reworded, {}, { cache: { maxAgeMs: -1 } })))).toBe('miss');
  });

  it('learns from an answer that was asked for past the cache', async () => {
    const embedded = Promise.withResolvers<void>();
    const embed: EmbedTexts = async (texts) => {
      embedded.resolve();
      return texts.map(() => [1, 0]);
    };
    await using local = await createStage({ semantic: { embed } });
    const fresh = await run(local.pipeline, chat(question, {}, { cache: { read: false } }));
    await embedded.promise;
    expect([cacheOf(fresh), cacheOf(await run(local.pipeline, chat(reworded)))]).toEqual([
      'refresh',
      'semantic',
    ]);
  });

  it('keeps no vector of a question of which nothing may be kept', async () => {
    await using stage = await createStage({ semantic });
    for (let times = 0; times < 2; times++)
      await run(stage.pipeline, chat(question, {}, { cache: { store: false } }));
    expect(asked(stage).filter((path) => path === 'embeddings')).toHaveLength(2);
  });

  it('forgets a question with its answer', async () => {
    await using cache = createCache<Entry>({ namespace: 'answers', codec: entryCodec });
    await using stage = await createStage({ semantic, cache });
    const first = await run(stage.pipeline, chat(question));
    await cache.delete(first.head?.key ?? '');
    expect(cacheOf(await run(stage.pipeline, chat(reworded)))).toBe('miss');
    // Now the other one is the one that is known.
    const third = await run(stage.pipeline, chat(question));
    expect(cacheOf(third)).toBe('semantic');
  });

  it('accounts for the vectors, on behalf of who asked', async () => {
    await using stage = await createStage({ semantic });
    const rest = { tenant: 'acme', labels: { project: 'atlas' } };
    await run(stage.pipeline, chat(question, {}, rest));
    await run(stage.pipeline, chat(reworded, {}, rest));
    expect(stage.records.map(({ surface, cache, attempts }) => [surface, cache, attempts])).toEqual([
      ['embeddings', 'miss', 1],
      ['chat', 'miss', 1],
      ['embeddings', 'miss', 1],
      ['chat', 'semantic', 0],
    ]);
    for (const record of stage.records) expect(record).toMatchObject(rest);
    const [, miss, , hit] = stage.records;
    expect(hit).toMatchObject({ usage: miss?.usage, upstreamMs: miss?.upstreamMs });
    expect(hit?.similarity).toBeGreaterThan(0.6);
  });

  it('asks for the vector of a text once', async () => {
    await using stage = await createStage({ semantic });
    await run(stage.pipeline, chat(question));
    await run(stage.pipeline, chat(question, { temperature: 0 }));
    expect(asked(stage)).toEqual(['embeddings', 'chat/completions', 'chat/completions']);
  });

  it('publishes what became of each lookup', async () => {
    const heard: SemanticLookupMessage[] = [];
    const listener = (message: unknown): number => heard.push(message as SemanticLookupMessage);
    subscribe('ai-client:semantic:lookup', listener);
    try {
      await using stage = await createStage({ semantic });
      await run(stage.pipeline, chat(question));
      await run(stage.pipeline, chat(reworded));
      await using strict = await createStage({ semantic: { ...semantic, threshold: 1 } });
      await run(strict.pipeline, chat(question));
      await run(strict.pipeline, chat(reworded));
    } finally {
      unsubscribe('ai-client:semantic:lookup', listener);
    }
    expect(heard.map(({ result }) => result)).toEqual([
      'no-neighbour',
      'hit',
      'no-neighbour',
      'below-threshold',
    ]);
    expect(heard[1]?.similarity).toBe(heard[3]?.similarity);
  });

  it('asks a provider of its own for the vectors where the router says so', async () => {
    await using vectors = await createStage();
    await using stage = await createStage();
    const providers = [
      openaiProvider(stage.simulator.openaiBaseUrl),
      { ...openaiProvider(vectors.simulator.openaiBaseUrl), name: 'vectors', accepts: () => false },
    ];
    await using both = await createStage({ providers, semantic: { ...semantic, embed: `vectors/${model}` } });
    await run(both.pipeline, chat(question));
    expect(cacheOf(await run(both.pipeline, chat(reworded)))).toBe('semantic');
    expect([asked(stage), asked(vectors)]).toEqual([['chat/completions'], ['embeddings', 'embeddings']]);
  });
});
