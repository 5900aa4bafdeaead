import { createSimulator } from '@ai-toolkit/llm-simulator';
import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { defaultModel } from '../../src/client/default-model.js';
import {
  anthropicProvider,
  azureProvider,
  createAiClient,
  createPipeline,
  openaiProvider,
  type Provider,
} from '../../src/index.js';
import { createOddProvider } from '../support/odd-provider.js';
import { createStage } from '../support/stage.js';
import { rejection } from './support/all.js';

afterEach(() => vi.unstubAllEnvs());

describe('a call that names no model', () => {
  it('asks the models that a server lists', async () => {
    await using stage = await createStage({}, { models: ['nomic-embed-text', 'llama3', 'qwen'] });
    const client = createAiClient({ pipeline: stage.pipeline });
    expect((await client.generate('x')).model).toBe('llama3');
    expect((await client.embed('x')).model).toBe('nomic-embed-text');
    expect((await client.generate('x', { model: 'qwen' })).model).toBe('qwen');
  });

  it('asks the model that is known of a provider', async () => {
    const at = async (provider: (url: string) => Provider): Promise<string[]> => {
      await using simulator = await createSimulator();
      await using pipeline = createPipeline({ providers: [provider(simulator.openaiBaseUrl)] });
      const client = createAiClient({ pipeline });
      await client.generate('x');
      await client.embed('x').catch(() => undefined);
      return simulator.requests().map(({ body }) => (body as { model: string }).model);
    };
    expect(await at((url) => openaiProvider(url, undefined, 'openai'))).toEqual([
      'gpt-4o-mini',
      'text-embedding-3-small',
    ]);
    const anthropic = await at((url) => anthropicProvider(url.replace(/\/v1$/, ''), 'key'));
    expect(anthropic).toEqual(['claude-haiku-4-5']);
  });

  it('asks none that its maker is about to withdraw', async () => {
    await using simulator = await createSimulator();
    await using pipeline = createPipeline({
      providers: [anthropicProvider(simulator.anthropicBaseUrl, 'key')],
    });
    const { model } = await createAiClient({ pipeline }).generate('x');
    // The SDK keeps the list of such models, and warns of each.
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    onTestFinished(() => warn.mockRestore());
    const sdk = new Anthropic({ baseURL: simulator.anthropicBaseUrl, apiKey: 'key' });
    await sdk.messages.create({ model, max_tokens: 10, messages: [{ role: 'user', content: 'x' }] });
    expect(warn).not.toHaveBeenCalled();
  });

  it('asks the deployment of an Azure resource, which lists models and no deployments', async () => {
    const of = (deployment: string, use: 'chat' | 'embeddings'): Promise<string> => {
      const providers = [azureProvider({ endpoint: 'https://r.openai.azure.com', deployment })];
      return defaultModel({ providers, offline: true }, use);
    };
    expect(await of('tides', 'chat')).toBe('tides');
    expect(await of('my-embeddings', 'embeddings')).toBe('my-embeddings');
    await expect(of('tides', 'embeddings')).rejects.toMatchObject({ code: 'AI_REQUEST_INVALID' });
  });

  it('sends the key of a provider nowhere else', async () => {
    await using elsewhere = await createOddProvider((response) => response.end('{"data":[{"id":"m"}]}'));
    await using provider = await createOddProvider((response) => {
      response.writeHead(307, { location: `${elsewhere.baseUrl}/models` }).end();
    });
    const azure: Provider = { ...openaiProvider(provider.baseUrl), headers: { 'api-key': 'secret' } };
    await using pipeline = createPipeline({ providers: [azure] });
    expect(await rejection(createAiClient({ pipeline }).generate('x'))).toMatchObject({
      code: 'AI_PROVIDER',
      message: expect.stringContaining('307'),
    });
    expect(elsewhere.asked).toEqual([]);
  });

  it('is told when there is none', async () => {
    await using nobody = createPipeline({ providers: [] });
    expect(await rejection(createAiClient({ pipeline: nobody }).generate('x'))).toMatchObject({
      code: 'AI_NO_PROVIDER',
    });
    await using stage = await createStage({}, { models: ['llama3'], apiKeys: [] });
    expect(await rejection(createAiClient({ pipeline: stage.pipeline }).embed('x'))).toMatchObject({
      code: 'AI_REQUEST_INVALID',
      message: expect.stringContaining('no provider has one for embeddings'),
    });
  });

  it('is told when the list cannot be had, and finds it the next time', async () => {
    await using stage = await createStage({}, { apiKeys: ['right'] });
    const client = createAiClient({ pipeline: stage.pipeline });
    expect(await rejection(client.generate('x'))).toMatchObject({ code: 'AI_PROVIDER', status: 401 });
    await using nowhere = createPipeline({ providers: [openaiProvider('http://127.0.0.1:9/v1')] });
    expect(await rejection(createAiClient({ pipeline: nowhere }).generate('x'))).toMatchObject({
      code: 'AI_UNREACHABLE',
      retryable: true,
    });
    let fails = true;
    const model = async (): Promise<string> => {
      if (fails) throw new Error('not yet');
      return 'gpt-4o';
    };
    await using open = await createStage();
    const patient = createAiClient({ pipeline: open.pipeline, model });
    await expect(patient.generate('x')).rejects.toThrow('not yet');
    fails = false;
    expect((await patient.generate('x')).model).toBe('gpt-4o');
  });

  it('does not wait for the list when its signal says so', async () => {
    await using stage = await createStage();
    const never = (): Promise<string> => new Promise(() => undefined);
    const client = createAiClient({ pipeline: stage.pipeline, model: never });
    const leaving = new AbortController();
    const call = client.generate('x', { signal: leaving.signal });
    const reason = new Error('enough');
    leaving.abort(reason);
    await expect(call).rejects.toBe(reason);
  });
});

describe('createAiClient without options', () => {
  it('works from the environment, and closes what it made', async () => {
    await using simulator = await createSimulator({ models: ['llama3'] });
    for (const name of ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'AZURE_OPENAI_ENDPOINT'])
      vi.stubEnv(name, undefined);
    vi.stubEnv('OPENAI_BASE_URL', simulator.openaiBaseUrl);
    const client = createAiClient();
    expect(await client.generate('Say hello')).toMatchObject({ model: 'llama3', cache: 'miss' });
    await client.close();
    await client.close();
    expect(await rejection(client.generate('Say hello'))).toMatchObject({ code: 'AI_CLOSED' });
  });

  it('leaves open what it was given', async () => {
    await using stage = await createStage();
    {
      await using client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini' });
      await client.generate('x');
    }
    const other = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini' });
    expect((await other.generate('x')).cache).toBe('hit');
  });
});
