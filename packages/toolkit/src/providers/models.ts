import { AiError, type Provider, surfaceAdapter } from '@ai-toolkit/ai-client';

/** A model offered by a provider. */
export interface OfferedModel {
  readonly id: string;
  readonly provider: string;
}

const listTimeoutMs = 10_000;
/** Maximum page size of Anthropic's API, which lists only twenty models by default. */
const longestPage = '1000';

/**
 * Lists the models of a provider; `onAnswer` receives the response. Fails with `AI_UNREACHABLE`, or with `AI_PROVIDER`
 * and the response status.
 */
export async function listModels(
  provider: Provider,
  onAnswer?: (response: Response) => void,
): Promise<OfferedModel[]> {
  const baseUrl = typeof provider.baseUrl === 'string' ? provider.baseUrl : await provider.baseUrl();
  let response: Response;
  try {
    const { url, headers } = listRequest(baseUrl, provider);
    response = await fetch(url, { headers, signal: AbortSignal.timeout(listTimeoutMs) });
  } catch (error) {
    throw new AiError('AI_UNREACHABLE', `${provider.name} at ${baseUrl} cannot be reached.`, {
      hint: 'Check that it is running and that its base URL is right.',
      retryable: true,
      cause: error,
    });
  }
  onAnswer?.(response);
  if (!response.ok) {
    await response.body?.cancel();
    throw new AiError(
      'AI_PROVIDER',
      `${provider.name} answered ${response.status} when asked for its models.`,
      {
        hint:
          response.status === 401 || response.status === 403 ? 'Check the API key.' : 'Check the base URL.',
        status: response.status,
      },
    );
  }
  return modelIds(await response.json().catch(() => undefined)).map((id) => ({
    id,
    provider: provider.name,
  }));
}

/** The list request in the provider's API. Keeps the query of its base URL, as all requests do. */
function listRequest(
  baseUrl: string,
  { speaks, headers = {} }: Provider,
): { readonly url: URL; readonly headers: Record<string, string> } {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/models`;
  if (speaks !== 'messages') return { url, headers: { ...headers } };
  url.searchParams.set('limit', longestPage);
  return { url, headers: surfaceAdapter('messages').upstreamHeaders?.(headers) ?? { ...headers } };
}

function modelIds(body: unknown): string[] {
  const data: unknown = typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined;
  if (!Array.isArray(data)) return [];
  return data.flatMap((model: unknown) =>
    typeof model === 'object' && model !== null && 'id' in model && typeof model.id === 'string'
      ? [model.id]
      : [],
  );
}
