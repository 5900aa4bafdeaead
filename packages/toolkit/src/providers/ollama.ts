import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Provider } from '@ai-toolkit/ai-client';

/** A local server answers at once or not at all. */
const probeTimeoutMs = 300;

/**
 * Whether an Ollama answers: its version endpoint costs it nothing. Asked with Node's oldest client, and that by
 * `getBuiltinModule`: every command that calls a model without a key waits for it, and both `fetch` and an import of
 * `node:http`, which looks at all that the module has, take longer to load than the question does.
 */
export async function ollamaAnswers({ baseUrl }: Provider): Promise<boolean> {
  try {
    const url = new URL('/api/version', typeof baseUrl === 'string' ? baseUrl : await baseUrl());
    const { get } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
    const request = get(url, { signal: AbortSignal.timeout(probeTimeoutMs), agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.destroy();
    return response.statusCode === 200;
  } catch {
    return false;
  }
}
