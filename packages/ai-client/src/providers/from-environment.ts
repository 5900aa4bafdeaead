import { azureFromEnvironment } from './azure.js';
import { checkedBaseUrl, checkedKey } from './base-url.js';
import { ollamaFromEnvironment } from './ollama.js';
import { openaiSurfaces, type Provider } from './provider.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The providers configured by the environment variables of the official SDKs: `OPENAI_API_KEY`, `OPENAI_BASE_URL` (ends in `/v1`),
 * `OPENAI_ORG_ID`, `OPENAI_PROJECT_ID`, `ANTHROPIC_API_KEY`, `ANTHROPIC_AUTH_TOKEN`, `ANTHROPIC_BASE_URL` (without `/v1`), and those of
 * `azureFromEnvironment` and `ollamaFromEnvironment`. A base URL without a key suffices, as local servers need none. The first provider
 * that claims no models of its own answers for the rest; any other can be addressed as `name/model`.
 */
export function providersFromEnvironment(environment: Environment): Provider[] {
  const providers: Provider[] = [];
  const openaiKey = value(environment.OPENAI_API_KEY);
  const openaiUrl = value(environment.OPENAI_BASE_URL);
  if (openaiKey !== undefined || openaiUrl !== undefined) {
    const account = { organization: environment.OPENAI_ORG_ID, project: environment.OPENAI_PROJECT_ID };
    providers.push(openaiProvider(openaiUrl ?? 'https://api.openai.com/v1', openaiKey, undefined, account));
  }
  const anthropicKey = value(environment.ANTHROPIC_API_KEY);
  const anthropicToken = value(environment.ANTHROPIC_AUTH_TOKEN);
  const anthropicUrl = value(environment.ANTHROPIC_BASE_URL);
  if (anthropicKey !== undefined || anthropicToken !== undefined || anthropicUrl !== undefined)
    providers.push(
      anthropicProvider(anthropicUrl ?? 'https://api.anthropic.com', anthropicKey, anthropicToken),
    );
  const others = [azureFromEnvironment(environment), ollamaFromEnvironment(environment)];
  return [...providers, ...others.filter((provider) => provider !== undefined)];
}

/** The account to bill at OpenAI, for keys that belong to several. Not sent to other servers. */
export interface OpenaiAccount {
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
}

/** OpenAI's hosts: the global one and those of regions, such as eu.api.openai.com. */
const openaiHost = /^(?:[a-z]{2}\.)?api\.openai\.com$/;

/**
 * Creates a provider for OpenAI, or any server with its wire format, at `baseUrl`. Another server is named `openai-compatible` by default,
 * since OpenAI's prices and limits do not apply to it.
 */
export function openaiProvider(
  baseUrl: string,
  apiKey?: string,
  name?: string,
  { organization, project }: OpenaiAccount = {},
): Provider {
  const url = checkedBaseUrl('OPENAI_BASE_URL', baseUrl, 'http://127.0.0.1:8080/v1');
  const key = checkedKey('OPENAI_API_KEY', apiKey);
  const isOpenai = openaiHost.test(new URL(url).hostname);
  return {
    name: name ?? (isOpenai ? 'openai' : 'openai-compatible'),
    baseUrl: url,
    // The surfaces of other servers are unknown.
    ...(isOpenai ? { surfaces: openaiSurfaces } : {}),
    ...withHeaders({
      authorization: key && `Bearer ${key}`,
      'openai-organization': isOpenai ? checkedKey('OPENAI_ORG_ID', organization) : undefined,
      'openai-project': isOpenai ? checkedKey('OPENAI_PROJECT_ID', project) : undefined,
    }),
  };
}

/**
 * Creates a provider for Anthropic. Chat completions are translated to its own wire format, because its OpenAI-compatible endpoint silently
 * ignores fields. It supports neither responses nor embeddings. A gateway in front of it may require a token; if both are given, both are
 * sent, as by its SDK.
 */
export function anthropicProvider(baseUrl: string, apiKey?: string, authToken?: string): Provider {
  const url = new URL(checkedBaseUrl('ANTHROPIC_BASE_URL', baseUrl, 'http://127.0.0.1:8080'));
  const key = checkedKey('ANTHROPIC_API_KEY', apiKey);
  const bearer = checkedKey('ANTHROPIC_AUTH_TOKEN', authToken) ?? key;
  // Set on the URL's path, which a query may follow.
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1`;
  return {
    name: 'anthropic',
    baseUrl: url.href,
    ...withHeaders({ authorization: bearer && `Bearer ${bearer}`, 'x-api-key': key }),
    speaks: 'messages',
    surfaces: ['chat', 'messages'],
    accepts: (model) => model.startsWith('claude'),
  };
}

/** The headers that have a value; nothing if none has. */
function withHeaders(headers: Readonly<Record<string, string | undefined>>): Pick<Provider, 'headers'> {
  const given = Object.entries(headers).filter(
    (header): header is [string, string] => header[1] !== undefined,
  );
  return given.length === 0 ? {} : { headers: Object.fromEntries(given) };
}

function value(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}
