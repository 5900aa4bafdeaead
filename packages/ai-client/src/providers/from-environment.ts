import { azureFromEnvironment } from './azure.js';
import { checkedBaseUrl, checkedKey } from './base-url.js';
import { ollamaFromEnvironment } from './ollama.js';
import { openaiSurfaces, type Provider } from './provider.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The providers that the environment names, by the variables of the official SDKs: `OPENAI_API_KEY`, `OPENAI_BASE_URL`
 * (ends in `/v1`), `OPENAI_ORG_ID`, `OPENAI_PROJECT_ID`, `ANTHROPIC_API_KEY`, `ANTHROPIC_AUTH_TOKEN`, `ANTHROPIC_BASE_URL` (does not),
 * those of `azureFromEnvironment` and `ollamaFromEnvironment`. A base URL without a key is enough: local servers want none. The first that claims no models
 * of its own answers for the rest; any other is asked as `name/model`.
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

/** Who pays at OpenAI, for keys that belong to several; no other server is told. */
export interface OpenaiAccount {
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
}

/** OpenAI's hosts: the one for everybody, and those of regions, such as eu.api.openai.com. */
const openaiHost = /^(?:[a-z]{2}\.)?api\.openai\.com$/;

/**
 * OpenAI, or any server that speaks its wire format, at `baseUrl`. Another server is `openai-compatible` unless it is
 * given a name: OpenAI's prices and limits are not its own.
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
    // Which of them another server has, only that server knows.
    ...(isOpenai ? { surfaces: openaiSurfaces } : {}),
    ...withHeaders({
      authorization: key && `Bearer ${key}`,
      'openai-organization': isOpenai ? checkedKey('OPENAI_ORG_ID', organization) : undefined,
      'openai-project': isOpenai ? checkedKey('OPENAI_PROJECT_ID', project) : undefined,
    }),
  };
}

/**
 * Anthropic. Chat completions are translated to its own wire format: the endpoint that it keeps for OpenAI's ignores fields in
 * silence. It has neither responses nor embeddings. A gateway in front of it may want a token; given both, both are sent, as by its SDK.
 */
export function anthropicProvider(baseUrl: string, apiKey?: string, authToken?: string): Provider {
  const url = new URL(checkedBaseUrl('ANTHROPIC_BASE_URL', baseUrl, 'http://127.0.0.1:8080'));
  const key = checkedKey('ANTHROPIC_API_KEY', apiKey);
  const bearer = checkedKey('ANTHROPIC_AUTH_TOKEN', authToken) ?? key;
  // Before a query, which may be there.
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

/** Those of them that have a value; nothing where none has. */
function withHeaders(headers: Readonly<Record<string, string | undefined>>): Pick<Provider, 'headers'> {
  const given = Object.entries(headers).filter(
    (header): header is [string, string] => header[1] !== undefined,
  );
  return given.length === 0 ? {} : { headers: Object.fromEntries(given) };
}

function value(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}
