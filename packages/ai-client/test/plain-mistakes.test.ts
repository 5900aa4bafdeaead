import { describe, expect, it } from 'vitest';
import {
  type AiClientOptions,
  type CallOptions,
  createAiClient,
  createCachedAiClient,
  createPipeline,
  type GenerateOptions,
  openaiProvider,
  type PipelineOptions,
  type Prompt,
} from '../src/index.js';
import { all, rejection } from './client/support/all.js';
import { createStage } from './support/stage.js';

/** What a caller without types, or with a number that went wrong, may give. */
const wrongPipelines: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ retries: 3 }, 'createPipeline has no option "retries"; its options are: providers,'],
  [{ providers: {} }, 'providers must be an array, got an object'],
  [{ providers: [null] }, 'providers[0].name must be a non-empty string, got undefined'],
  [
    { providers: [{ name: 'a', baseUrl: 'nope' }] },
    'providers[0].baseUrl must be an http(s) URL or a function',
  ],
  [
    { providers: [{ name: 'a', baseUrl: 'ftp://h' }] },
    'providers[0].baseUrl must be an http(s) URL or a function, got "ftp://h"',
  ],
  [
    { providers: [{ name: 'a', baseUrl: 'http://h', headers: { 'x-a': 'b\nc' } }] },
    'providers[0].headers must be names and values that a request can hold, which "x-a" is not',
  ],
  [
    { providers: [{ name: 'a', baseUrl: 'http://h', surfaces: ['chats'] }] },
    'providers[0].surfaces must be among chat, responses, messages, embeddings, got "chats"',
  ],
  [{ routes: [null] }, 'routes[0] expects an object, got null'],
  [{ routes: [{ model: 'x' }] }, 'routes[0].targets must be an array, got undefined'],
  [{ routes: [{ model: 'x', targets: [null] }] }, 'routes[0]: a target expects an object, got null'],
  [
    { routes: [{ model: 'x', targets: [{}], fallback: [{}] }] },
    'routes[0] has no option "fallback"; its options are: model, targets, fallbacks, timeoutMs',
  ],
  [
    { routes: [{ model: 'x', targets: [{ weight: '1' }] }] },
    'routes[0]: weight must be a finite number, got "1"',
  ],
  [
    { routes: [{ model: 'x', targets: [{ model: 5 }] }] },
    'routes[0]: model of a target must be a non-empty string, got 5',
  ],
  [
    { routes: [{ model: 'x', timeoutMs: '5', targets: [{}] }] },
    'routes[0].timeoutMs must be a number, got "5"',
  ],
  [{ cache: {} }, 'cache must have the method lookup, got an object'],
  [{ limiter: { requestsPerMinute: 5 } }, 'limiter must have the method acquire, got an object'],
  [{ breaker: true }, 'breaker must have the method enter, got true'],
  [{ maxRetries: Number.NaN }, 'maxRetries must be a whole number, 0 or more, got NaN'],
  [{ maxRetries: '3' }, 'maxRetries must be a whole number, 0 or more, got "3"'],
  [{ maxCallMs: -1 }, 'maxCallMs must be above 0, got -1'],
  [{ idleTimeoutMs: Number.NaN }, 'idleTimeoutMs must be above 0, got NaN'],
  [{ idleTimeoutMs: '5' }, 'idleTimeoutMs must be a number, got "5"'],
  [{ staleIfErrorMs: Number.NaN }, 'staleIfErrorMs must be 0 or more, got NaN'],
  [{ maxEntryBytes: -1 }, 'maxEntryBytes must be 0 or more, got -1'],
  [{ coalesceWaitMs: 1n }, 'coalesceWaitMs must be a number, got 1'],
  [{ offline: 'true' }, 'offline must be a boolean, got "true"'],
  [{ onCall: 5 }, 'onCall must be a function, got 5'],
  [{ routes: {} }, 'routes must be an array, got an object'],
];

const wrongCalls: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ timeoutMs: Number.NaN }, 'timeoutMs must be 0 or more, got NaN'],
  [{ timeoutMs: '5' }, 'timeoutMs must be a number, got "5"'],
  [{ idleTimeoutMs: -1 }, 'idleTimeoutMs must be above 0, got -1'],
  [{ cache: 'no' }, 'cache must be an object with a mode, ttlMs, …, got "no"'],
  [{ cache: { mode: 'refesh' } }, 'cache.mode must be one of default, refresh, bypass, only-if-cached'],
  [{ cache: { ttlMs: Number.NaN } }, 'cache.ttlMs must be 0 or more, got NaN'],
  [{ cache: { namespace: 5 } }, 'cache.namespace must be a string, got 5'],
  [{ cache: { ttl: 5 } }, 'cache has no option "ttl"; its options are: mode, ttlMs,'],
  [{ cache: { semantic: 'no' } }, 'cache.semantic must be a boolean, got "no"'],
  [{ signal: 'soon' }, 'signal must be an AbortSignal, got "soon"'],
  [{ labels: 'draft' }, 'labels must be an object of strings, got "draft"'],
  [{ labels: { stage: 2 } }, 'labels.stage must be a string, got 2'],
  [{ cache: { sample: 0.5 } }, 'cache.sample must be a whole number, 0 or more, got 0.5'],
];

const wrongGenerations: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ maxTokens: Number.NaN }, 'maxTokens must be a whole number, 1 or more, got NaN'],
  [{ temperature: Number.POSITIVE_INFINITY }, 'temperature must be a finite number, got Infinity'],
  [{ topP: 'high' }, 'topP must be a finite number, got "high"'],
  [{ seed: Number.NaN }, 'seed must be a finite number, got NaN'],
  [{ stop: 5 }, 'stop must be a string or an array of strings, got 5'],
  [{ stop: ['a', 5] }, 'stop[1] must be a string, got 5'],
  [{ system: 5 }, 'system must be a string, got 5'],
  [{ model: 5 }, 'model must be a non-empty string, got 5'],
  [{ model: '' }, 'model must be a non-empty string, got ""'],
  [{ tools: {} }, 'tools must be an array, got an object'],
  // In OpenAI's words, the tool would have been sent without a name.
  [
    { tools: [{ type: 'function', function: { name: 'f' } }] },
    'tools[0].name must be a non-empty string, got undefined',
  ],
  [{ toolChoice: 'any' }, 'toolChoice must be auto, none, required or { name }, got "any"'],
  [{ toolChoice: { type: 'tool' } }, 'toolChoice must be auto, none, required or { name }, got an object'],
  [
    { responseFormat: { type: 'json_object' } },
    'responseFormat.type must be json-object or json-schema, got "json_object"',
  ],
  [{ responseFormat: 'json' }, 'responseFormat.type must be json-object or json-schema, got undefined'],
  [
    { responseFormat: { type: 'json-schema', schema: {} } },
    'responseFormat.name must be a non-empty string, got undefined',
  ],
];

const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };
const wrongPrompts: readonly (readonly [unknown, string])[] = [
  [undefined, 'prompt must be a string or an array of messages, got undefined'],
  [['Hello'], 'prompt[0].role must be one of system, user, assistant, tool, got undefined'],
  [[{ role: 'developer', content: 'x' }], 'prompt[0].role must be one of system, user, assistant, tool'],
  [[{ role: 'assistant', content: null }], 'prompt[0].content must be a string, got null'],
  [[{ role: 'user' }], 'prompt[0].content must be a string or an array of parts, got undefined'],
  [
    [{ role: 'tool', content: 'x', tool_call_id: 'a' }],
    'prompt[0].toolCallId must be a string, got undefined',
  ],
  [
    [{ role: 'assistant', content: '', tool_calls: [] }],
    'prompt[0].tool_calls is not known here: calls are in toolCalls, as { id, name, arguments }',
  ],
  [
    [{ role: 'assistant', content: '', toolCalls: {} }],
    'prompt[0].toolCalls must be an array, got an object',
  ],
  [
    [{ role: 'assistant', content: '', toolCalls: [{ id: 'a', function: { name: 'f' } }] }],
    'prompt[0].toolCalls[0] must have an id and a name, got an object',
  ],
  // In OpenAI's words, the image would not have been sent.
  [[{ role: 'user', content: [image] }], 'prompt[0].content[0].type must be text or image, got "image_url"'],
  [
    [{ role: 'user', content: [{ type: 'image' }] }],
    'prompt[0].content[0].url must be a string, got undefined',
  ],
];

describe('a plain mistake', () => {
  it.each(wrongPipelines)('in the options of a pipeline is named: %o', (options, message) => {
    const providers = [openaiProvider('http://127.0.0.1:1/v1')];
    expect(() => createPipeline({ providers, ...options } as PipelineOptions)).toThrow(message);
  });

  it('of an exchange without a sink is named, and nobody is asked', async () => {
    await using stage = await createStage();
    const { exchange } = stage.pipeline as { exchange: (request: object, sink?: object) => unknown };
    const body = Buffer.from('{"model":"gpt-4o-mini","messages":[]}');
    for (const sink of [undefined, {}])
      expect(() => exchange({ surface: 'chat', body }, sink)).toThrow('exchange needs a sink, with onHead');
    expect(stage.simulator.stats().requests).toBe(0);
  });

  it('in the options of a client is named', async () => {
    await using stage = await createStage();
    const { pipeline } = stage;
    const of = (options: object) => () => createAiClient({ pipeline, ...options } as AiClientOptions);
    expect(of({ modle: 'a' })).toThrow(
      'createAiClient has no option "modle"; its options are: pipeline, model,',
    );
    expect(of({ model: 5 })).toThrow('model must be the name of a model or a function that finds one, got 5');
    expect(of({ pipeline: {} })).toThrow('pipeline must have the method exchange, got an object');
    expect(of({ cache: new Map() })).toThrow('cache must have the method lookup, got an object');
    const client = createAiClient({ pipeline });
    expect(() => createCachedAiClient({ client, ttlMs: Number.NaN })).toThrow('ttlMs must be 0 or more');
    expect(() => createCachedAiClient({ client: {} as never })).toThrow(
      'client must have the method generate',
    );
  });

  it.each(wrongCalls)(
    'in the options of a call is named, and nobody is asked: %o',
    async (options, message) => {
      await using stage = await createStage();
      const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini', embeddingModel: 'e' });
      const call = options as CallOptions;
      for (const each of [client, createCachedAiClient({ client })]) {
        expect(await rejection(each.generate('Hello', call))).toMatchObject({
          message: expect.stringContaining(message),
        });
        expect(await rejection(each.embed('Hello', call))).toMatchObject({
          message: expect.stringContaining(message),
        });
      }
      expect(stage.simulator.requests()).toEqual([]);
    },
  );

  it.each(wrongGenerations)('in what JSON cannot say is named: %o', async (options, message) => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini' });
    const error = await rejection(client.generate('Hello', options as GenerateOptions));
    expect(error).toMatchObject({ message: expect.stringContaining(message) });
    expect(stage.simulator.requests()).toEqual([]);
  });

  it('in the name of an option is named by each method, which says those that it has', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini', embeddingModel: 'e' });
    const wrong = { maxToken: 5 } as object;
    const fits = { jsonSchema: { type: 'object' }, validate: (value: unknown) => ({ value }) };
    const message = async (work: Promise<unknown>): Promise<string> =>
      ((await rejection(work)) as Error).message;
    const every = 'model, priority, timeoutMs, idleTimeoutMs, signal, cache, labels';
    const generations = `${every}, system, maxTokens, temperature, topP, stop, seed`;
    const has = 'has no option "maxToken"; its options are';
    expect(await message(client.generate('a', wrong))).toContain(`generate ${has}: ${generations}, tools,`);
    expect(await message(all(client.generateStreaming('a', wrong)))).toContain(`generateStreaming ${has}`);
    expect(await message(client.explain('a', wrong))).toContain(`explain ${has}: ${generations}, tools,`);
    expect(await message(client.generateJson('a', fits, wrong))).toBe(
      `generateJson ${has}: ${generations}, schemaName, format, strict, repairs`,
    );
    expect(await message(client.callFunction('a', { name: 'f', parameters: fits }, wrong))).toBe(
      `callFunction ${has}: ${generations}, repairs`,
    );
    expect(await message(client.embed('a', wrong))).toBe(`embed ${has}: ${every}, dimensions`);
    expect(await message(client.generate('a', 'gpt-4' as never))).toBe(
      'options of generate must be an object, got "gpt-4"',
    );
    expect(await message(client.generate('a', null as never))).toBe(
      'options of generate must be an object, got null',
    );
    expect(stage.simulator.requests()).toEqual([]);
  });

  it.each(wrongPrompts)('in a prompt is named: %o', async (prompt, message) => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini' });
    expect(await rejection(client.generate(prompt as Prompt))).toMatchObject({
      name: 'TypeError',
      message: expect.stringContaining(message),
    });
  });

  it('in an input or a schema is named', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini', embeddingModel: 'e' });
    const message = async (work: Promise<unknown>): Promise<string> =>
      ((await rejection(work)) as Error).message;
    expect(await message(client.embed([5] as never))).toBe('input[0] must be a string, got 5');
    expect(await message(client.embed({} as never))).toBe(
      'input must be a string or an array of strings, got an object',
    );
    expect(await message(client.embed('a', { dimensions: Number.NaN }))).toContain(
      'dimensions must be a whole number',
    );
    const wanted = 'must be a Standard Schema or { jsonSchema, validate }';
    expect(await message(client.generateJson('a', {} as never))).toBe(`schema ${wanted}, got an object`);
    const nameless = { parameters: {} } as never;
    expect(await message(client.callFunction('a', nameless))).toContain(
      'functions[0].name must be a non-empty string',
    );
    const loose = { name: 'f', parameters: 5 } as never;
    expect(await message(client.callFunction('a', loose))).toBe(`parameters of "f" ${wanted}, got 5`);
  });

  it('is not to wait for ever: a silence without a bound', async () => {
    await using stage = await createStage({ idleTimeoutMs: Number.POSITIVE_INFINITY });
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini' });
    const { text } = await client.generate('Hello', { idleTimeoutMs: Number.POSITIVE_INFINITY });
    expect(text).not.toBe('');
  });
});
