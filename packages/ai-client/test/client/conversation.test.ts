import { describe, expect, it } from 'vitest';
import { createAiClient, type Message, type Tool } from '../../src/index.js';
import { createStage } from '../support/stage.js';
import { all } from './support/all.js';
import { calling, createScriptedProvider } from './support/scripted-provider.js';

const weather: Tool = {
  name: 'get_weather',
  description: 'The weather of a city.',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
  strict: true,
};
const model = 'gpt-4o-mini';

describe('a conversation with tools', () => {
  it('carries a call to the caller and its result back', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model });
    const question: Message = { role: 'user', content: 'What is the weather in Lisbon?' };
    const asked = await client.generate([question], { tools: [weather], toolChoice: 'required' });
    expect(asked).toMatchObject({
      text: '',
      finishReason: 'tool_calls',
      toolCalls: [{ id: expect.any(String), name: 'get_weather', arguments: { city: 'Lisbon' } }],
    });
    const toolCalls = asked.toolCalls ?? [];
    const conversation: Message[] = [
      question,
      { role: 'assistant', content: '', toolCalls },
      ...toolCalls.map(({ id }): Message => ({ role: 'tool', toolCallId: id, content: 'Sunny, 24 °C' })),
    ];
    const answered = await client.generate(conversation, { tools: [weather] });
    expect(answered.toolCalls).toBeUndefined();
    expect(answered.text).not.toBe('');
    expect(stage.simulator.requests().at(-1)?.body).toMatchObject({
      tools: [{ type: 'function', function: { ...weather } }],
      messages: [
        { role: 'user' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            {
              id: toolCalls[0]?.id,
              type: 'function',
              function: { name: 'get_weather', arguments: '{"city":"Lisbon"}' },
            },
          ],
        },
        { role: 'tool', tool_call_id: toolCalls[0]?.id, content: 'Sunny, 24 °C' },
      ],
    });
  });

  it('streams the pieces of each call, live and from the cache, and ends with the whole ones', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model });
    const options = { tools: [weather], toolChoice: { name: 'get_weather' } };
    for (const cache of ['miss', 'hit']) {
      const events = await all(
        client.generateStreaming('Lisbon and Porto [simulator-answer: tools=2]', options),
      );
      const last = events.at(-1);
      if (last?.type !== 'done') throw new Error('no done');
      const { generation } = last;
      expect(generation.cache).toBe(cache);
      expect(generation.toolCalls).toHaveLength(2);
      const written = generation.toolCalls?.map((_, index) =>
        events.flatMap((event) => (event.type === 'tool-call' && event.index === index ? [event] : [])),
      );
      for (const [index, pieces] of (written ?? []).entries()) {
        const call = generation.toolCalls?.[index];
        expect(new Set(pieces.map(({ id, name }) => `${id} ${name}`))).toEqual(
          new Set([`${call?.id} get_weather`]),
        );
        expect(JSON.parse(pieces.map((piece) => piece.argumentsText).join(''))).toEqual(call?.arguments);
      }
    }
  });

  it('keeps arguments that are not JSON as they were written, and takes none at all for no arguments', async () => {
    await using provider = await createScriptedProvider(calling('f', '{"a": '), calling('f', ''));
    const client = createAiClient({ model, pipeline: provider.pipeline });
    const broken = await client.generate('x', { tools: [{ name: 'f' }] });
    expect(broken.toolCalls).toEqual([
      { id: 'call_1', name: 'f', arguments: undefined, argumentsText: '{"a": ' },
    ]);
    expect((await client.generate('y', { tools: [{ name: 'f' }] })).toolCalls).toEqual([
      { id: 'call_1', name: 'f', arguments: {} },
    ]);
    const sentBack: Message = { role: 'assistant', content: 'So:', toolCalls: broken.toolCalls ?? [] };
    await client.generate([sentBack, { role: 'tool', toolCallId: 'call_1', content: 'no JSON' }]);
    expect(provider.requests.at(-1)?.messages).toMatchObject([
      { content: 'So:', tool_calls: [{ function: { arguments: '{"a": ' } }] },
      { content: 'no JSON' },
    ]);
  });

  it('refuses a choice of a tool that is not there, and passes on every other', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model });
    await expect(
      client.generate('x', { tools: [weather], toolChoice: { name: 'get_wheather' } }),
    ).rejects.toThrow(new TypeError('toolChoice names a tool that is not among tools: "get_wheather"'));
    for (const [toolChoice, sent] of [
      ['none', 'none'],
      ['auto', 'auto'],
      [{ name: 'get_weather' }, { type: 'function', function: { name: 'get_weather' } }],
    ] as const) {
      await client.generate('x', { tools: [weather], toolChoice, parallelToolCalls: false });
      expect(stage.simulator.requests().at(-1)?.body).toMatchObject({
        tool_choice: sent,
        parallel_tool_calls: false,
      });
    }
  });
});

describe('an answer', () => {
  it('tells reasoning and refusal apart from text, whole or streamed', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model });
    for (const mode of ['bypass', 'default', 'default'] as const) {
      const options = { cache: { mode } };
      const thought = await all(client.generateStreaming('Think [simulator-answer: reasoning=12]', options));
      const joined = (type: 'text' | 'reasoning'): string =>
        thought.map((event) => (event.type === type ? event.text : '')).join('');
      const whole = await client.generate('Think [simulator-answer: reasoning=12]', options);
      expect(whole.reasoning).toMatch(/\S/);
      expect(joined('reasoning')).toBe(whole.reasoning);
      expect(joined('text')).toBe(whole.text);
      const refused = await client.generate('No [simulator-answer: refusal]', options);
      expect(refused.refusal).toMatch(/\S/);
      expect(refused.text).toBe(refused.refusal);
      const said = await all(client.generateStreaming('No [simulator-answer: refusal]', options));
      expect(said.map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe(refused.text);
      expect(said.at(-1)).toMatchObject({ generation: { refusal: refused.refusal } });
    }
  });

  it('may come in parts', async () => {
    const content = [{ type: 'thinking' }, { type: 'text', text: 'Yes' }, { type: 'text', text: '.' }];
    await using provider = await createScriptedProvider({ content });
    const client = createAiClient({ model, pipeline: provider.pipeline });
    expect((await client.generate('x')).text).toBe('Yes.');
  });

  it('understands the other name of reasoning', async () => {
    await using provider = await createScriptedProvider({ content: 'Yes.', reasoning: 'Hm.' });
    const client = createAiClient({ model, pipeline: provider.pipeline });
    expect(await client.generate('x')).toMatchObject({ text: 'Yes.', reasoning: 'Hm.' });
  });

  it('is asked for with images, in a form, by the name that its model has for the limit', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model });
    const image: Message = {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image', url: 'data:image/png;base64,AAAA' },
      ],
    };
    await client.generate([image], { responseFormat: { type: 'json-object' }, maxTokens: 50 });
    expect(stage.simulator.requests().at(-1)?.body).toMatchObject({
      max_tokens: 50,
      response_format: { type: 'json_object' },
      messages: [
        {
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          ],
        },
      ],
    });
    const blank: Message = { role: 'user', content: [{ type: 'text', text: ' ' }] };
    await expect(client.generate([blank])).rejects.toMatchObject({ code: 'AI_REQUEST_INVALID' });
    await expect(client.generate([])).rejects.toMatchObject({ code: 'AI_REQUEST_INVALID' });
    for (const name of ['gpt-5-mini', 'o3', 'openai/gpt-5.5']) {
      await client.generate('x', { model: name, maxTokens: 50 });
      const body = stage.simulator.requests().at(-1)?.body;
      expect(body).toMatchObject({ max_completion_tokens: 50 });
      expect(body).not.toHaveProperty('max_tokens');
    }
    const options = { tools: [weather], parallelToolCalls: false };
    await client.generate('x', { ...options, model: 'o3-mini' });
    expect(stage.simulator.requests().at(-1)?.body).not.toHaveProperty('parallel_tool_calls');
  });

  it('can be drawn more than once, each draw with a place of its own', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model });
    const draws = [undefined, 0, 1, 1, 2];
    const outcomes: string[] = [];
    for (const sample of draws) {
      const cache = sample === undefined ? {} : { sample };
      outcomes.push((await client.generate('A name for a cat', { cache })).cache);
    }
    expect(outcomes).toEqual(['miss', 'hit', 'miss', 'hit', 'miss']);
  });
});
