import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Provider } from '@ai-toolkit/ai-client';

/** Timeout, ms: a local server answers at once or not at all. */
const probeTimeoutMs = 300;

/**
 * Whether an Ollama server answers its version endpoint. Every command that calls a model without a key waits for this,
 * so it must be fast. The HTTP client takes longer to load than the request itself and is loaded only if something
 * listens; `getBuiltinModule` is used because `fetch` and importing `node:http` take longer still.
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

/** Rejects if nothing listens. */
async function connects({ hostname, port, protocol }: URL, signal: AbortSignal): Promise<void> {
  const { connect } = process.getBuiltinModule('node:net');
  // Only URLs put an IPv6 address in brackets.
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const socket = connect({ host, port: Number(port || (protocol === 'https:' ? 443 : 80)) });
  try {
    await once(socket, 'connect', { signal });
  } finally {
    socket.destroy();
  }
}
