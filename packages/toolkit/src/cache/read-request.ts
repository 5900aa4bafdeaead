import type { ExchangeRequest, Surface } from '@ai-toolkit/ai-client';

/**
 * A request from the text of a file: its body as a client would send it. Fails with a `TypeError` for what is no JSON object. Without
 * a surface it is told by what only one of them has.
 */
export function requestOfText(text: string, surface?: Surface): ExchangeRequest {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new TypeError('A request must be a JSON object, as it is sent to a provider.');
  return { surface: surface ?? surfaceOf(body), body: Buffer.from(text) };
}

function surfaceOf(body: object): Surface {
  if (!('input' in body)) return 'anthropic_version' in body || 'system' in body ? 'messages' : 'chat';
  const isText = typeof body.input === 'string' || Array.isArray(body.input);
  return isText && ('encoding_format' in body || 'dimensions' in body) ? 'embeddings' : 'responses';
}
