import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AiError, createAiClient, createPipeline } from '../../src/index.js';
import { rejection } from './support/all.js';
import { createScriptedProvider } from './support/scripted-provider.js';

const model = 'gpt-4o-mini';
const city = z.object({ name: z.string(), rivers: z.array(z.object({ length: z.number() })) });
const bad = { content: '{"name":"Porto","rivers":[{"length":"long"}]}' };
const good = { content: '{"name":"Porto","rivers":[{"length":897}]}' };

describe('an invalid answer', () => {
  it('is sent back with what is wrong with it', async () => {
    await using provider = await createScriptedProvider(bad, good);
    const client = createAiClient({ pipeline: provider.pipeline, model });
    const { value, generation, rejected } = await client.generateJson('Porto?', city, {
      system: 'Be brief.',
    });
    expect(value.rivers[0]?.length).toBe(897);
    expect(generation.text).toBe(good.content);
    expect(rejected.map(({ text }) => text)).toEqual([bad.content]);
    expect(provider.requests[1]?.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Porto?' },
      { role: 'assistant', content: bad.content },
      { role: 'user', content: expect.stringContaining('rivers[0].length: Invalid input: expected number') },
    ]);
  });

  it('is replayed together with its repair, each under a key of its own, for nothing', async () => {
    await using provider = await createScriptedProvider(bad, good);
    const client = createAiClient({ pipeline: provider.pipeline, model });
    const first = await client.generateJson('Porto?', city);
    const again = await client.generateJson('Porto?', city);
    expect(again.value).toEqual(first.value);
    expect([...again.rejected, again.generation].map(({ cache }) => cache)).toEqual(['hit', 'hit']);
    expect(again.generation.key).not.toBe(again.rejected[0]?.key);
    expect(provider.requests).toHaveLength(2);
    expect((await client.generate('Porto?')).text).toBe(good.content);
  });

  it('fails the call when its repairs are used up, and says what, where and in which text', async () => {
    await using provider = await createScriptedProvider({ content: 'Porto lies on the Douro.' }, bad);
    const client = createAiClient({ pipeline: provider.pipeline, model });
    const error = await rejection(client.generateJson('Porto?', city));
    expect(AiError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      code: 'AI_OUTPUT_INVALID',
      status: 502,
      retryable: true,
      output: bad.content,
      message: expect.stringMatching(/\(2 answers\): rivers\[0\]\.length: Invalid input: expected number/),
    });
    expect(provider.requests).toHaveLength(2);
    const once = await rejection(client.generateJson('Elsewhere?', city, { repairs: 0 }));
    expect(once).toMatchObject({ code: 'AI_OUTPUT_INVALID' });
    expect(provider.requests).toHaveLength(3);
    await expect(client.generateJson('x', city, { repairs: -1 })).rejects.toThrow(RangeError);
  });

  it('never fails a call by the answer to another question either', async () => {
    await using provider = await createScriptedProvider(bad, good);
    const { providers } = provider.pipeline;
    const semantic = { embed: async (texts: readonly string[]) => texts.map(() => [1, 0]) };
    await using pipeline = createPipeline({ providers, semantic });
    const client = createAiClient({ pipeline, model });
    const once = { repairs: 0 };
    await rejection(client.generateJson('Which rivers does Porto have?', city, once));
    const { generation } = await client.generateJson('Please, which rivers does Porto have?', city, once);
    expect(generation.text).toBe(good.content);
    expect(provider.requests).toHaveLength(2);
  });

  it('never fails a call from the cache alone: then the model is asked anew, and its answer kept', async () => {
    await using provider = await createScriptedProvider(bad, bad, good);
    const client = createAiClient({ pipeline: provider.pipeline, model });
    await rejection(client.generateJson('Porto?', city));
    const only = { cache: { mode: 'only-if-cached' } } as const;
    expect(await rejection(client.generateJson('Porto?', city, only))).toMatchObject({
      code: 'AI_OUTPUT_INVALID',
    });
    expect(provider.requests).toHaveLength(2);
    const recovered = await client.generateJson('Porto?', city);
    expect(recovered).toMatchObject({ generation: { cache: 'refresh' }, rejected: [] });
    expect(await client.generateJson('Porto?', city)).toMatchObject({
      value: recovered.value,
      generation: { cache: 'hit' },
      rejected: [],
    });
    expect(provider.requests).toHaveLength(3);
  });

  it('is not sent back when that cannot help', async () => {
    const hopeless = [
      [{ refusal: 'I will not.' }, /refused: I will not/, 'I will not.'],
      [{ content: '{"name":', finish_reason: 'length' }, /cut off/, '{"name":'],
      [{ content: '{"name"', finish_reason: 'content_filter' }, /filter/, '{"name"'],
    ] as const;
    for (const [message, problem, output] of hopeless) {
      await using provider = await createScriptedProvider(message);
      const client = createAiClient({ pipeline: provider.pipeline, model });
      const error = await rejection(client.generateJson('Porto?', city));
      expect(error).toMatchObject({ code: 'AI_OUTPUT_INVALID', retryable: false, output });
      expect(error).toHaveProperty('message', expect.stringMatching(problem));
      expect(provider.requests).toHaveLength(1);
    }
  });

  it('is none when it is whole, wherever the limit was', async () => {
    await using provider = await createScriptedProvider({ ...good, finish_reason: 'length' });
    const client = createAiClient({ pipeline: provider.pipeline, model });
    expect((await client.generateJson('Porto?', city)).rejected).toEqual([]);
  });

  it('leaves no empty turn in the conversation', async () => {
    await using provider = await createScriptedProvider({ content: '' }, good);
    const client = createAiClient({ pipeline: provider.pipeline, model });
    await client.generateJson('Porto?', city);
    expect(provider.requests[1]?.messages).toMatchObject([{ content: 'Porto?' }, { role: 'user' }]);
  });

  it('counts against the bound on the whole call', async () => {
    await using provider = await createScriptedProvider(bad);
    const client = createAiClient({ pipeline: provider.pipeline, model });
    // A bound that is over before the first answer can be there.
    const error = await rejection(client.generateJson('Porto?', city, { timeoutMs: 0, repairs: 50 }));
    expect(error).toMatchObject({ code: 'AI_TIMEOUT' });
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    expect(await rejection(client.generateJson('Porto?', city, { signal }))).toBe(reason);
  });
});

describe('a check that takes its time', () => {
  const parameters = { jsonSchema: { type: 'object' }, validate: () => new Promise<never>(() => {}) };

  it('ends with the call that it is for', async () => {
    const called = { tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }] };
    await using provider = await createScriptedProvider({ content: '{}', ...called });
    const client = createAiClient({ pipeline: provider.pipeline, model });
    for (const ask of [
      (options: object) => client.generateJson('x', parameters, options),
      (options: object) => client.callFunction('x', { name: 'f', parameters }, options),
    ]) {
      const controller = new AbortController();
      const asked = rejection(ask({ signal: controller.signal }));
      await expect.poll(() => provider.requests.length).toBeGreaterThan(0);
      controller.abort('enough');
      expect(await asked).toBe('enough');
      expect(await rejection(ask({ timeoutMs: 50 }))).toMatchObject({ code: 'AI_TIMEOUT' });
    }
  });
});
