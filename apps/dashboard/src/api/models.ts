import type { Surface as AnySurface } from '@ai-toolkit/ai-client';
import { ApiError, errorOf } from './api-error.js';

/** The wire formats in which a model can be asked for a text. */
export type Surface = Exclude<AnySurface, 'embeddings'>;

export const surfacePaths: Readonly<Record<Surface, string>> = {
  chat: 'v1/chat/completions',
  responses: 'v1/responses',
  messages: 'v1/messages',
};

/** Names of the models allowed for a key, or of all models without one. Rejects with an `ApiError` or the signal's reason. */
export async function fetchModels(key: string, signal: AbortSignal): Promise<readonly string[]> {
  const response = await fetchModel('v1/models', { headers: keyHeaders(key), signal });
  if (!response.ok) throw await errorOf(response, 'v1/models');
  const { data } = (await response.json()) as { data: readonly { id: string }[] };
  return data.map(({ id }) => id);
}

/** Calls a model; resolves with any response, including refusals. Rejects like `fetchModels`. */
export function askModel(
  surface: Surface,
  body: unknown,
  {
    key,
    headers,
    signal,
  }: { readonly key: string; readonly headers: HeadersInit; readonly signal: AbortSignal },
): Promise<Response> {
  return fetchModel(surfacePaths[surface], {
    method: 'POST',
    headers: { ...keyHeaders(key), ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
}

async function fetchModel(path: string, init: RequestInit & { signal: AbortSignal }): Promise<Response> {
  try {
    // Not with `cache: 'no-store'`: browsers then send a `Cache-Control` header, which the gateway obeys.
    return await fetch(path, init);
  } catch (error) {
    if (init.signal.aborted) throw error;
    throw new ApiError('unreachable', 'The server does not answer.');
  }
}

function keyHeaders(key: string): Record<string, string> {
  return key === '' ? {} : { authorization: `Bearer ${key}` };
}
