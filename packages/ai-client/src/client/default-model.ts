import { AiError } from '../errors.js';
import { jsonObjects, parseJsonObject } from '../json.js';
import type { Pipeline } from '../pipeline.js';
import { offers, type Provider } from '../providers/provider.js';

/** Purpose of a model. */
export type ModelUse = 'chat' | 'embeddings';

/** Defaults for providers with well-known models: small ones, since nobody chose to pay for more. */
const knownDefaults: Readonly<Record<string, Readonly<Partial<Record<ModelUse, string>>>>> = {
  openai: { chat: 'gpt-4o-mini', embeddings: 'text-embedding-3-small' },
  anthropic: { chat: 'claude-haiku-4-5' },
};

/** Lists of models distinguish embedding models only by their names. */
const embeddingName = /embed/i;
const listTimeoutMs = 10_000;

/**
 * The model for a call that names none: from the first provider that has one for the use. OpenAI: `gpt-4o-mini` and
 * `text-embedding-3-small`; Anthropic: `claude-haiku-4-5`; Azure: its deployment, if one is configured; any other server: the first listed
 * under `/models`, for embeddings the first with "embed" in its name. Fails with `AI_NO_PROVIDER`, `AI_REQUEST_INVALID`, `AI_NOT_CACHED` (offline), or with the failure of the list.
 */
export async function defaultModel(
  { providers, offline }: Pick<Pipeline, 'providers' | 'offline'>,
  use: ModelUse,
): Promise<string> {
  if (providers.length === 0) {
    throw new AiError('AI_NO_PROVIDER', 'No provider is configured.', {
      hint: 'Set OPENAI_API_KEY, OPENAI_BASE_URL, ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN, AZURE_OPENAI_ENDPOINT or OLLAMA_HOST, or give the pipeline its providers.',
    });
  }
  for (const provider of providers) {
    if (!offers(provider, use)) continue;
    const known = knownDefaults[provider.name];
    if (known === undefined && provider.models === undefined && offline) throw noList(provider);
    const model = known === undefined ? await firstListed(provider, use) : known[use];
    if (model !== undefined) return model;
  }
  throw new AiError('AI_REQUEST_INVALID', `The call names no model, and no provider has one for ${use}.`, {
    hint: 'Name a model, for this call or for every one.',
  });
}

function noList({ name }: Provider): AiError {
  return new AiError(
    'AI_NOT_CACHED',
    `The call names no model, and offline ${name} cannot be asked for its models.`,
    {
      hint: 'Name a model, for this call or for every one.',
    },
  );
}

async function firstListed(provider: Provider, use: ModelUse): Promise<string | undefined> {
  const ids = provider.models ?? jsonObjects(parseJsonObject(await list(provider))?.data).map(({ id }) => id);
  return ids.find(
    (id): id is string =>
      typeof id === 'string' &&
      embeddingName.test(id) === (use === 'embeddings') &&
      (provider.accepts?.(id) ?? true),
  );
}

async function list({ name, baseUrl, headers }: Provider): Promise<string> {
  const url = new URL(typeof baseUrl === 'string' ? baseUrl : await baseUrl());
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/models`;
  try {
    const response = await fetch(url, {
      headers: { ...headers },
      // Following one would send the provider's key to an arbitrary server.
      redirect: 'manual',
      signal: AbortSignal.timeout(listTimeoutMs),
    });
    if (response.ok) return await response.text();
    await response.body?.cancel();
    throw new AiError('AI_PROVIDER', `${name} answered ${response.status} when asked for its models.`, {
      hint: 'Check its API key and base URL, or name a model.',
      status: response.status,
      retryable: response.status === 429 || response.status >= 500,
    });
  } catch (error) {
    if (AiError.isInstance(error)) throw error;
    throw new AiError('AI_UNREACHABLE', `${name} cannot be asked for its models.`, {
      hint: 'Check that it is running and that its base URL is right, or name a model.',
      retryable: true,
      cause: error,
    });
  }
}
