import { asBuffer } from '../as-buffer.js';
import { AiError } from '../errors.js';
import { type JsonObject, parseJsonObject } from '../json.js';

/** Parses the body of a success. Fails with `AI_RESPONSE_INVALID` if it is not a JSON object. */
export function answerOf(bytes: Uint8Array): JsonObject {
  const body = parseJsonObject(asBuffer(bytes).toString());
  if (body === undefined) throw notAnAnswer();
  return body;
}

/** The error for a success response that no API sends, such as a proxy's HTML page or an empty body. */
export function notAnAnswer(): AiError {
  return new AiError('AI_RESPONSE_INVALID', "The provider's answer is not a JSON object.", {
    hint: 'Ask again; when it stays so, look at what answers at the base URL of the provider.',
    retryable: true,
  });
}
