import { createCache } from '@ai-toolkit/core-cache';
import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import { createLimiter } from '@ai-toolkit/rate-limit';
import { describe, expect, it, vi } from 'vitest';
import {
  type AiClient,
  anthropicProvider,
  azureProvider,
  type CallOptions,
  createAiClient,
  createPipeline,
  type Entry,
  type ExchangeRequest,
  entryCodec,
  type GenerateOptions,
  ollamaProvider,
  openaiProvider,
  type Pipeline,
  type PipelineOptions,
  type Provider,
  type Tool,
} from '../../src/index.js';
import { all, rejection } from './support/all.js';

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const checked = { jsonSchema: parameters, validate: (value: unknown) => ({ value }) };
const tool: Tool = { name: 'get_weather', parameters };

/** Each method of a client as a call that differs in its options alone, and fails with what the method fails with. */
const methods: Readonly<Record<string, (client: AiClient, options: GenerateOptions) => Promise<unknown>>> = {
  generate: (client, options) => client.generate('Hello', options),
  generateStreaming: (client, options) => all(client.generateStreaming('Hello', options)),
  generateJson: (client, options) => client.generateJson('Lisbon', checked, { ...options, repairs: 0 }),
  callFunction: (client, options) =>
    client.callFunction('Lisbon', { name: 'get_weather', parameters: checked }, { ...options, repairs: 0 }),
  embed: (client, options) => client.embed('Hello', options),
};
const generations = Object.entries(methods).filter(([name]) => name !== 'embed');

/** The kinds of providers, all answered by one simulator. */
const kinds: Readonly<Record<string, (simulator: Simulator) => Provider>> = {
  openai: ({ openaiBaseUrl }) => openaiProvider(openaiBaseUrl, 'key', 'openai'),
  'openai-compatible': ({ openaiBaseUrl }) => openaiProvider(openaiBaseUrl),
  azure: ({ openaiBaseUrl }) => ({
    ...azureProvider({ endpoint: 'https://r.openai.azure.com', apiKey: 'key' }),
    baseUrl: openaiBaseUrl,
  }),
  ollama: ({ openaiBaseUrl }) => ollamaProvider({ host: new URL(openaiBaseUrl).origin }),
  anthropic: ({ anthropicBaseUrl }) => anthropicProvider(anthropicBaseUrl, 'key'),
};

interface Scene extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly pipeline: Pipeline;
  readonly client: AiClient;
  /** What the pipeline was asked. */
  readonly asked: ExchangeRequest[];
  /** Body of the last request that reached the provider. */
  readonly wire: () => unknown;
}

async function scene(kind = 'openai', options: PipelineOptions = {}): Promise<Scene> {
  const simulator = await createSimulator();
  const provider = kinds[kind]?.(simulator);
  if (provider === undefined) throw new Error(`no provider ${kind}`);
  const real = createPipeline({ providers: [provider], ...options });
  const asked: ExchangeRequest[] = [];
  const pipeline: Pipeline = {
    ...real,
    exchange: (request, sink) => {
      asked.push(request);
      return real.exchange(request, sink);
    },
  };
  const model = kind === 'anthropic' ? 'claude-sonnet-4-5' : 'gpt-4o-mini';
  return {
    simulator,
    pipeline,
    client: createAiClient({ pipeline, model, embeddingModel: 'text-embedding-3-small' }),
    asked,
    wire: () => simulator.requests().at(-1)?.body,
    [Symbol.asyncDispose]: async () => {
      await real.close();
      await simulator.close();
    },
  };
}

describe.each(Object.keys(kinds))('options of generations on the wire of %s', (kind) => {
  const isAnthropic = kind === 'anthropic';
  const rows: readonly (readonly [option: string, options: GenerateOptions, wire: object])[] = [
    [
      'model',
      { model: isAnthropic ? 'claude-other' : 'gpt-other' },
      { model: isAnthropic ? 'claude-other' : 'gpt-other' },
    ],
    ['maxTokens', { maxTokens: 77 }, { max_tokens: 77 }],
    ['temperature', { temperature: 0.25 }, { temperature: 0.25 }],
    ['a temperature of 0', { temperature: 0 }, { temperature: 0 }],
    ['topP', { topP: 0.5 }, { top_p: 0.5 }],
    ['stop', { stop: 'END' }, isAnthropic ? { stop_sequences: ['END'] } : { stop: 'END' }],
    [
      'several stops',
      { stop: ['A', 'B'] },
      isAnthropic ? { stop_sequences: ['A', 'B'] } : { stop: ['A', 'B'] },
    ],
    ['seed', { seed: 7 }, isAnthropic ? {} : { seed: 7 }],
    [
      'system',
      { system: 'Be brief.' },
      isAnthropic
        ? { system: expect.anything() }
        : { messages: [{ role: 'system', content: 'Be brief.' }, {}] },
    ],
  ];

  it.each(rows)('%s', async (_, options, wire) => {
    await using stage = await scene(kind);
    for (const [method, call] of generations) {
      await call(stage.client, options);
      expect(stage.wire(), method).toMatchObject(wire);
    }
  });

  it('tools', async () => {
    await using stage = await scene(kind);
    for (const call of [methods.generate, methods.generateStreaming]) {
      await call?.(stage.client, { tools: [tool] });
      expect(stage.wire()).toMatchObject({
        tools: [isAnthropic ? { name: tool.name } : { type: 'function', function: { name: tool.name } }],
      });
    }
  });

  it('says what of them has no counterpart there', async () => {
    await using stage = await scene(kind);
    const { translation } = await stage.client.generate('Hello', { seed: 7 });
    const events = await all(stage.client.generateStreaming('Hello', { seed: 7 }));
    expect(translation).toBe(isAnthropic ? 'seed=omitted' : undefined);
    expect(events.at(-1)).toMatchObject({ generation: isAnthropic ? { translation } : {} });
  });
});

describe('maxTokens', () => {
  it('goes by the name that the model knows', async () => {
    await using stage = await scene();
    for (const [model, name] of [
      ['gpt-5-mini', 'max_completion_tokens'],
      ['o3', 'max_completion_tokens'],
      ['gpt-4o', 'max_tokens'],
    ] as const) {
      await stage.client.generate('Hello', { model, maxTokens: 9 });
      expect(stage.wire()).toMatchObject({ [name]: 9 });
    }
  });
});

describe.each(Object.entries(methods))('options of %s for the pipeline', (method, call) => {
  const rows: readonly (readonly [option: string, options: CallOptions, request: object])[] = [
    ['priority', { priority: 5 }, { priority: 5 }],
    ['idleTimeoutMs', { idleTimeoutMs: 5000 }, { idleTimeoutMs: 5000 }],
    ['timeoutMs', { timeoutMs: 5000 }, { timeoutMs: expect.any(Number) }],
    ['cache.namespace', { cache: { namespace: 'n' } }, { cache: { namespace: 'n' } }],
    ['cache.sample', { cache: { sample: 3 } }, { cache: { sample: 3 } }],
    ['cache.semantic', { cache: { semantic: false } }, { cache: { semantic: false } }],
    ['cache.mode refresh', { cache: { mode: 'refresh' } }, { cache: { read: false, store: true } }],
    ['cache.mode bypass', { cache: { mode: 'bypass' } }, { cache: { read: false, store: false } }],
    ['labels', { labels: { project: 'p' } }, { labels: { project: 'p' } }],
  ];

  it.each(rows)('%s is part of the request', async (_, options, request) => {
    await using stage = await scene();
    await call(stage.client, options);
    expect(stage.asked).toMatchObject([request]);
  });

  it('model', async () => {
    await using stage = await scene();
    await call(stage.client, { model: 'another' });
    expect(stage.wire()).toMatchObject({ model: 'another' });
  });

  it('signal ends it with its reason, before and during the call', async () => {
    await using stage = await scene();
    const reason = new Error('enough');
    expect(await rejection(call(stage.client, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(stage.simulator.stats().requests).toBe(0);
    stage.simulator.setFaults('hang');
    const leaving = new AbortController();
    const failure = rejection(call(stage.client, { signal: leaving.signal }));
    await expect.poll(() => stage.simulator.requests().length).toBe(1);
    leaving.abort(reason);
    expect(await failure).toBe(reason);
  });

  it('timeoutMs and idleTimeoutMs end it', async () => {
    await using stage = await scene('openai', { maxRetries: 0 });
    stage.simulator.setFaults('hang');
    expect(await rejection(call(stage.client, { timeoutMs: 20 }))).toMatchObject({ code: 'AI_TIMEOUT' });
    expect(await rejection(call(stage.client, { idleTimeoutMs: 20 }))).toMatchObject({ code: 'AI_TIMEOUT' });
  });

  it('priority reaches the limiter', async () => {
    using limiter = createLimiter();
    const atOnce = vi.spyOn(limiter, 'acquireAtOnce').mockReturnValue(undefined);
    const acquire = vi.spyOn(limiter, 'acquire');
    await using stage = await scene('openai', { limiter });
    await call(stage.client, { priority: 5 });
    expect(atOnce.mock.calls).toMatchObject([[{ priority: 5 }]]);
    expect(acquire.mock.calls).toMatchObject([[{ priority: 5 }]]);
  });

  it('cache.ttlMs is the lifetime of what is stored, 0 stores nothing, and only-if-cached asks nobody', async () => {
    const cache = createCache<Entry>({ codec: entryCodec });
    await using stage = await scene('openai', { cache });
    const client = createAiClient({
      pipeline: stage.pipeline,
      cache,
      model: 'gpt-4o-mini',
      embeddingModel: 'text-embedding-3-small',
    });
    const only = { cache: { mode: 'only-if-cached' } } as const;
    await call(client, { cache: { ttlMs: 0 } });
    expect(await rejection(call(client, only))).toMatchObject({ code: 'AI_NOT_CACHED' });
    await call(client, { cache: { ttlMs: 5000 } });
    const [entry, ...more] = await all(cache.entries());
    expect(more).toEqual([]);
    expect((entry?.expiresAt ?? 0) - (entry?.createdAt ?? 0)).toBe(5000);
    const asked = stage.simulator.stats().requests;
    await call(client, only);
    expect(stage.simulator.stats().requests, method).toBe(asked);
    await cache.close();
  });
});
