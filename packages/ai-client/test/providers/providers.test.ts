import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AiError, anthropicProvider, createPipeline, openaiProvider } from '../../src/index.js';
import { azureFromEnvironment, azureProvider } from '../../src/providers/azure.js';
import { ollamaFromEnvironment, ollamaProvider } from '../../src/providers/ollama.js';
import type { Provider } from '../../src/providers/provider.js';
import { chat, run } from '../support/run-exchange.js';

interface Recorded {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

const completion = JSON.stringify({
  id: 'c',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
});

describe('a provider', () => {
  let server: Server;
  let url: string;
  let recorded: Recorded[];

  beforeAll(async () => {
    server = createServer((request, response) => {
      recorded.push({ url: request.url ?? '', headers: request.headers });
      request.resume().on('end', () => {
        response.setHeader('content-type', 'application/json').end(completion);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    recorded = [];
  });

  async function ask(provider: Provider, model: string): Promise<Recorded> {
    await using pipeline = createPipeline({ providers: [provider] });
    const { error, text } = await run(pipeline, chat('Hi', { model }));
    expect(error).toBeUndefined();
    expect(text).toContain('Hi');
    const [request, ...more] = recorded;
    if (request === undefined) throw new Error('nothing was asked');
    expect(more).toEqual([]);
    return request;
  }

  it('of Azure is asked by the v1 API, with its key in its own header', async () => {
    const { url: asked, headers } = await ask(
      azureProvider({ endpoint: `${url}/`, apiKey: 'secret' }),
      'my-gpt',
    );
    expect(asked).toBe('/openai/v1/chat/completions');
    expect(headers['api-key']).toBe('secret');
    expect(headers.authorization).toBeUndefined();
  });

  it('of Azure is asked by its deployment where a dated version is wanted', async () => {
    const options = { endpoint: url, deployment: 'my gpt', apiVersion: '2024-10-21' };
    const { url: asked } = await ask(azureProvider(options), 'my gpt');
    expect(asked).toBe('/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21');
  });

  it('of Azure answers for the model of its deployment only', () => {
    expect(azureProvider({ endpoint: url, deployment: 'a' }).accepts?.('b')).toBe(false);
    expect(azureProvider({ endpoint: url }).accepts).toBeUndefined();
    expect(() => azureProvider({ endpoint: url, apiVersion: '2024-10-21' })).toThrow(TypeError);
  });

  it.each([
    ['https://r.openai.azure.com/openai/v1/', 'https://r.openai.azure.com/openai/v1'],
    ['https://r.openai.azure.com/openai', 'https://r.openai.azure.com/openai/v1'],
    ['https://gateway.example/azure', 'https://gateway.example/azure/openai/v1'],
  ])('of Azure at %s has the base URL %s', (endpoint, baseUrl) => {
    expect(azureProvider({ endpoint }).baseUrl).toBe(baseUrl);
  });

  it('of Azure comes from the variables of the SDK', () => {
    expect(azureFromEnvironment({ AZURE_OPENAI_API_KEY: 'k' })).toBeUndefined();
    const environment = {
      AZURE_OPENAI_ENDPOINT: url,
      AZURE_OPENAI_API_KEY: ' k ',
      OPENAI_API_VERSION: '2024-10-21',
    };
    expect(azureFromEnvironment(environment)).toEqual({
      name: 'azure',
      baseUrl: `${url}/openai/v1`,
      surfaces: ['chat', 'responses', 'embeddings'],
      headers: { 'api-key': 'k' },
    });
    expect(azureFromEnvironment({ ...environment, AZURE_OPENAI_DEPLOYMENT: 'd' })?.baseUrl).toBe(
      `${url}/openai/deployments/d?api-version=2024-10-21`,
    );
    expect(() => azureFromEnvironment({ AZURE_OPENAI_ENDPOINT: 'my-resource' })).toThrow(AiError);
  });

  it('of Ollama is asked by the paths of OpenAI, without a key', async () => {
    const { url: asked, headers } = await ask(
      ollamaProvider({ host: url.slice('http://'.length) }),
      'llama3.2:1b',
    );
    expect(asked).toBe('/v1/chat/completions');
    expect(headers.authorization).toBeUndefined();
  });

  it('of Ollama is given a key where there is one', async () => {
    const { headers } = await ask(ollamaProvider({ host: url, apiKey: 'k' }), 'llama3.2:1b');
    expect(headers.authorization).toBe('Bearer k');
  });

  it.each([
    [undefined, 'http://127.0.0.1:11434/v1'],
    ['', 'http://127.0.0.1:11434/v1'],
    ['localhost', 'http://localhost:11434/v1'],
    [':8000', 'http://127.0.0.1:8000/v1'],
    ['0.0.0.0', 'http://127.0.0.1:11434/v1'],
    ['0.0.0.0:80', 'http://127.0.0.1/v1'],
    ['[::]:8000', 'http://[::1]:8000/v1'],
    ['http://box:8000/', 'http://box:8000/v1'],
    ['https://ollama.example', 'https://ollama.example/v1'],
    ['http://box/ollama', 'http://box/ollama/v1'],
    ['box/ollama', 'http://box:11434/ollama/v1'],
  ])('of Ollama at %j has the base URL %s', (host, baseUrl) => {
    expect(ollamaProvider(host === undefined ? {} : { host }).baseUrl).toBe(baseUrl);
    expect(ollamaFromEnvironment({ OLLAMA_HOST: host })?.baseUrl).toBe(host ? baseUrl : undefined);
  });

  it('of Ollama is refused for a host that is none', () => {
    expect(() => ollamaProvider({ host: 'ftp://box' })).toThrow('OLLAMA_HOST');
    expect(() => ollamaProvider({ host: 'a b' })).toThrow('OLLAMA_HOST');
  });

  it.each([
    ['https://api.anthropic.com', 'https://api.anthropic.com/v1'],
    ['http://127.0.0.1:8080/team/', 'http://127.0.0.1:8080/team/v1'],
    ['http://127.0.0.1:8080/team?version=2', 'http://127.0.0.1:8080/team/v1?version=2'],
  ])('of Anthropic at %s has the base URL %s', (base, baseUrl) => {
    expect(anthropicProvider(base).baseUrl).toBe(baseUrl);
  });

  it('is refused for an address with a password, which nothing would send, and which is not shown', () => {
    for (const make of [openaiProvider, anthropicProvider, (host: string) => ollamaProvider({ host })]) {
      expect(() => make('http://user:secret@box/v1')).toThrow(
        /_(BASE_URL|HOST) holds a user or a password\.$/,
      );
    }
  });

  it('has its key without what a file has around it, and refuses what no header can hold', () => {
    const makers = {
      OPENAI_API_KEY: (key: string) => openaiProvider('http://box/v1', key),
      ANTHROPIC_API_KEY: (key: string) => anthropicProvider('http://box', key),
      AZURE_OPENAI_API_KEY: (key: string) => azureProvider({ endpoint: 'https://box', apiKey: key }),
      OLLAMA_API_KEY: (key: string) => ollamaProvider({ apiKey: key }),
    };
    for (const [setting, make] of Object.entries(makers)) {
      expect(Object.values(make(' key-1\n').headers ?? {}).join()).toMatch(/^(Bearer )?key-1(,key-1)?$/);
      expect(make(' \n').headers).toBeUndefined();
      for (const wrong of ['key\n1', 'kéy', 'a key'])
        expect(() => make(wrong)).toThrow(`${setting} is no key: it holds more than plain characters.`);
    }
  });

  it('is not said to be out of reach where the request cannot be sent', async () => {
    await using pipeline = createPipeline({ providers: [openaiProvider(url)], maxRetries: 2 });
    const { error } = await run(pipeline, chat('Hi', {}, { headers: { 'x-trace': 'a\nb' } }));
    expect(error).toMatchObject({ code: 'AI_REQUEST_INVALID', retryable: false });
    expect((error as Error).message).toMatch(/^The request cannot be sent: .*x-trace/);
    expect(recorded).toEqual([]);
  });
});
