import { describe, expect, it } from 'vitest';
import {
  anthropicProvider,
  azureProvider,
  createAiClient,
  createPipeline,
  type ExchangeRequest,
  ollamaProvider,
  openaiProvider,
  type PipelineOptions,
  type Provider,
  type Surface,
} from '../../src/index.js';
import { run } from '../support/run-exchange.js';
import { createStage, type Stage } from '../support/stage.js';

const bodies: Readonly<Record<Surface, (model: string) => object>> = {
  chat: (model) => ({ model, messages: [{ role: 'user', content: 'Hi' }] }),
  responses: (model) => ({ model, input: 'Hi' }),
  messages: (model) => ({ model, max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] }),
  embeddings: (model) => ({ model, input: 'Hi' }),
};

function ask(surface: Surface, model: string, rest: Partial<ExchangeRequest> = {}): ExchangeRequest {
  return { surface, body: Buffer.from(JSON.stringify(bodies[surface](model))), ...rest };
}

function providersAt({ simulator }: Stage) {
  return {
    anthropic: anthropicProvider(simulator.anthropicBaseUrl),
    openai: {
      ...openaiProvider(simulator.openaiBaseUrl, undefined, 'openai'),
      surfaces: ['chat', 'responses', 'embeddings'],
    },
  } satisfies Record<string, Provider>;
}

async function staged(
  options: (providers: ReturnType<typeof providersAt>) => Partial<PipelineOptions>,
): Promise<Stage> {
  const stage = await createStage();
  await stage.pipeline.close();
  const pipeline = createPipeline({
    onCall: (record) => stage.records.push(record),
    ...options(providersAt(stage)),
  });
  return {
    ...stage,
    pipeline,
    [Symbol.asyncDispose]: async () => {
      await pipeline.close();
      await stage[Symbol.asyncDispose]();
    },
  };
}

describe('a request by a surface that its provider has not', () => {
  it.each([
    [
      'responses',
      'claude-x',
      'anthropic has no responses.',
      'Ask it for chat completions or messages, or ask for a model of openai, as "openai/MODEL" or by a route.',
    ],
    [
      'embeddings',
      'claude-x',
      'anthropic has no embeddings.',
      'Ask for a model of openai, as "openai/MODEL" or by a route.',
    ],
    [
      'messages',
      'gpt-4o-mini',
      'openai has no messages.',
      'Ask it for chat completions or responses, or ask for a model of anthropic, as "anthropic/MODEL" or by a route.',
    ],
  ] as const)(
    '%s of %s: is refused, says what to do, and asks nobody',
    async (surface, model, message, hint) => {
      await using stage = await staged(({ openai, anthropic }) => ({ providers: [openai, anthropic] }));
      const { error, head } = await run(stage.pipeline, ask(surface, model));
      expect(error).toMatchObject({
        code: 'AI_SURFACE_UNSUPPORTED',
        message,
        hint,
        status: 400,
        retryable: false,
      });
      expect(head).toBeUndefined();
      expect(stage.simulator.stats().requests).toBe(0);
      expect(stage.records).toMatchObject([
        { surface, status: 'error', errorCode: 'AI_SURFACE_UNSUPPORTED', attempts: 0 },
      ]);
    },
  );

  it('is refused as well when the provider is given, and when there is no other one', async () => {
    await using stage = await staged(({ anthropic }) => ({ providers: [anthropic] }));
    const [provider] = stage.pipeline.providers;
    if (provider === undefined) throw new Error('no provider');
    const given = await run(stage.pipeline, ask('responses', 'claude-x', { provider }));
    expect(given.error).toMatchObject({
      code: 'AI_SURFACE_UNSUPPORTED',
      hint: 'Ask it for chat completions or messages, or configure a provider that has them.',
    });
    const client = createAiClient({ pipeline: stage.pipeline });
    await expect(client.embed('Hi', { model: 'claude-x' })).rejects.toMatchObject({
      code: 'AI_SURFACE_UNSUPPORTED',
      hint: 'Configure a provider that has them.',
    });
    await expect(client.embed('Hi')).rejects.toMatchObject({ code: 'AI_REQUEST_INVALID' });
    expect(stage.simulator.stats().requests).toBe(0);
  });

  it('never goes to a provider that nobody meant: the one that takes the rest refuses', async () => {
    await using stage = await staged(({ openai }) => ({
      providers: [ollamaProvider({ host: '127.0.0.1:1', surfaces: ['chat', 'embeddings'] }), openai],
    }));
    const { error } = await run(stage.pipeline, ask('responses', 'llama3'));
    expect(error).toMatchObject({
      message: 'ollama has no responses.',
      hint: expect.stringContaining('"openai/MODEL"'),
    });
    expect(stage.simulator.stats().requests).toBe(0);
    expect((await run(stage.pipeline, ask('responses', 'openai/llama3'))).head?.provider).toBe('openai');
  });

  it('goes to another provider that answers for the model, when that one has the surface', async () => {
    await using stage = await staged(({ anthropic, openai }) => ({
      providers: [anthropic, { ...openai, name: 'gateway', accepts: (model) => model.startsWith('claude') }],
    }));
    expect((await run(stage.pipeline, ask('responses', 'claude-x'))).head?.provider).toBe('gateway');
    expect((await run(stage.pipeline, ask('messages', 'claude-x'))).head?.provider).toBe('anthropic');
  });

  it('passes over the targets of its route that lack the surface, and explain says which', async () => {
    const routes = [
      {
        model: 'best',
        targets: [{ provider: 'anthropic', model: 'claude-x' }],
        fallbacks: [
          { provider: 'anthropic', model: 'claude-y' },
          { provider: 'openai', model: 'gpt-4o-mini' },
        ],
      },
    ];
    await using stage = await staged(({ anthropic, openai }) => ({ providers: [anthropic, openai], routes }));
    expect((await run(stage.pipeline, ask('chat', 'best'))).head?.provider).toBe('anthropic');
    expect((await run(stage.pipeline, ask('responses', 'best'))).head?.provider).toBe('openai');
    expect(await stage.pipeline.explain(ask('responses', 'best'))).toMatchObject({
      scope: { provider: 'openai' },
      alternatives: [],
      skipped: [
        { provider: 'anthropic', model: 'claude-x', reason: 'it has no responses' },
        { provider: 'anthropic', model: 'claude-y', reason: 'it has no responses' },
      ],
    });
    // What has no words in the other wire format is passed over in the same way.
    const audio = {
      ...bodies.chat('best'),
      modalities: ['text', 'audio'],
      audio: { voice: 'alloy', format: 'wav' },
    };
    const spoken = await stage.pipeline.explain({
      surface: 'chat',
      body: Buffer.from(JSON.stringify(audio)),
    });
    expect(spoken.scope.provider).toBe('openai');
    expect(spoken.skipped.map(({ model }) => model)).toEqual(['claude-x', 'claude-y']);
  });

  it('goes out unchanged where an SDK was pointed at the server itself', async () => {
    await using stage = await staged(({ anthropic }) => ({ providers: [anthropic] }));
    const response = await stage.pipeline.fetch(`${stage.simulator.openaiBaseUrl}/responses`, {
      method: 'POST',
      body: JSON.stringify(bodies.responses('gpt-4o-mini')),
    });
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });
});

describe('the surfaces of the known providers', () => {
  it('are those that their APIs have', () => {
    expect(openaiProvider('https://api.openai.com/v1').surfaces).toEqual(['chat', 'responses', 'embeddings']);
    expect(openaiProvider('http://127.0.0.1:8080/v1').surfaces).toBeUndefined();
    expect(anthropicProvider('https://api.anthropic.com').surfaces).toEqual(['chat', 'messages']);
    const azure = { endpoint: 'https://r.openai.azure.com' };
    expect(azureProvider(azure).surfaces).toEqual(['chat', 'responses', 'embeddings']);
    expect(azureProvider({ ...azure, deployment: 'd', apiVersion: '2024-10-21' }).surfaces).toEqual([
      'chat',
      'embeddings',
    ]);
    expect(ollamaProvider().surfaces).toBeUndefined();
  });
});
