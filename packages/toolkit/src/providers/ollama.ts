import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Provider } from '@ai-toolkit/ai-client';

/** A local server answers at once or not at all. */
const probeTimeoutMs = 300;

/**
 * Whether an Ollama answers: its version endpoint costs it nothing. Every command that calls a model without a key waits for it, so
 * that the HTTP client, which takes longer to load than the question does, is loaded only where something listens; and by
 * `getBuiltinModule`, since both `fetch` and an import of `node:http`, which looks at all that the module has, take longer still.
 */
export async function ollamaAnswers({ baseUrl }: Provider): Promise<boolean> {
  try {
    const url = new URL('/api/version', typeof baseUrl === 'string' ? baseUrl : await baseUrl());
    const signal = AbortSignal.timeout(probeTimeoutMs);
    await connects(url, signal);
    const { get } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
    const request = get(url, { signal, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.destroy();
    return response.statusCode === 200;
  } catch {
    return false;
  }
}

/** Rejects where nothing listens. */
async function connects({ hostname, port, protocol }: URL, signal: AbortSignal): Promise<void> {
  const { connect } = process.getBuiltinModule('node:net');
  // An address of IPv6 is in brackets in a URL alone.
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const socket = connect({ host, port: Number(port || (protocol === 'https:' ? 443 : 80)) });
  try {
    await once(socket, 'connect', { signal });
  } finally {
    socket.destroy();
  }
}
