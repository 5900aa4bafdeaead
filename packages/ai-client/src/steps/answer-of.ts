import { asBuffer } from '../as-buffer.js';
import { AiError } from '../errors.js';
import { type JsonObject, parseJsonObject } from '../json.js';

/** The body of a success. Fails with `AI_RESPONSE_INVALID` for what is none. */
export function answerOf(bytes: Uint8Array): JsonObject {
  const body = parseJsonObject(asBuffer(bytes).toString());
  if (body === undefined) throw notAnAnswer();
  return body;
}

/** Of a success that is no answer of any of the APIs: the page of a proxy, or nothing at all. */
export function notAnAnswer(): AiError {
  return new AiError('AI_RESPONSE_INVALID', "The provider's answer is not a JSON object.", {
    hint: 'Ask again; when it stays so, look at what answers at the base URL of the provider.',
    retryable: true,
  });
}
