import { describe, expect, it } from 'vitest';
import { openaiProvider, providersFromEnvironment } from '../../src/index.js';

describe('the providers of an environment', () => {
  it('are those of its keys and URLs', () => {
    const named = (environment: Record<string, string>): unknown =>
      providersFromEnvironment(environment).map(({ name, baseUrl, headers }) => [name, baseUrl, headers]);
    expect(named({})).toEqual([]);
    expect(named({ OPENAI_API_KEY: 'k', ANTHROPIC_BASE_URL: 'http://a.test' })).toEqual([
      ['openai', 'https://api.openai.com/v1', { authorization: 'Bearer k' }],
      ['anthropic', 'http://a.test/v1', undefined],
    ]);
  });

  it('are asked for the organization and the project that OpenAI shall bill, which no other server is told', () => {
    const account = { OPENAI_API_KEY: 'k', OPENAI_ORG_ID: 'org-1', OPENAI_PROJECT_ID: 'proj_1' };
    const headersAt = (url: string): unknown =>
      providersFromEnvironment({ ...account, OPENAI_BASE_URL: url })[0]?.headers;
    const own = { authorization: 'Bearer k', 'openai-organization': 'org-1', 'openai-project': 'proj_1' };
    expect(headersAt('https://api.openai.com/v1')).toEqual(own);
    expect(headersAt('https://eu.api.openai.com/v1')).toEqual(own);
    expect(headersAt('http://llm.test/v1')).toEqual({ authorization: 'Bearer k' });
    const [plain] = providersFromEnvironment({ OPENAI_API_KEY: 'k', OPENAI_ORG_ID: ' ' });
    expect(plain?.headers).toEqual({ authorization: 'Bearer k' });
  });

  it('take a token in place of a key, as a gateway in front of Anthropic wants one', () => {
    const headersOf = (environment: Record<string, string>): unknown =>
      providersFromEnvironment(environment)[0]?.headers;
    expect(headersOf({ ANTHROPIC_AUTH_TOKEN: 't' })).toEqual({ authorization: 'Bearer t' });
    // Both go, as Anthropic's SDK sends them.
    expect(headersOf({ ANTHROPIC_AUTH_TOKEN: 't', ANTHROPIC_API_KEY: 'k' })).toEqual({
      authorization: 'Bearer t',
      'x-api-key': 'k',
    });
  });
});

it.each([
  ['https://api.openai.com/v1', 'openai'],
  ['https://eu.api.openai.com/v1', 'openai'],
  ['https://api.openai.com.test/v1', 'openai-compatible'],
  ['https://my-api.openai.com/v1', 'openai-compatible'],
  ['https://llm.test/v1', 'openai-compatible'],
])('the server at %s is called %s', (url, name) => {
  const provider = openaiProvider(url);
  expect(provider.name).toBe(name);
  expect(provider.surfaces?.includes('messages') ?? true).toBe(name !== 'openai');
});
