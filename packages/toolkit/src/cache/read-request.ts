import type { ExchangeRequest, Surface } from '@ai-toolkit/ai-client';

/**
 * Reads a request body from the text of a file. Fails with a `TypeError` unless it is a JSON object. Without `surface`,
 * infers it from fields that are specific to one.
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
