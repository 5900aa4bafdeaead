import { AiError } from '../errors.js';
import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';
import { wordsOf } from './provider-error.js';

/** What came with a good status and is no answer. */
export function brokenAnswer(said: string): AiError {
  return new AiError('AI_RESPONSE_INVALID', `What the provider sent is not an answer. ${said}`, {
    hint: 'Ask again: nothing of the broken answer was stored.',
    retryable: true,
  });
}

/** Fails when a chat completion has no choice with a message: some servers send an error so, or nothing, with status 200. */
export function requireChoice(body: JsonObject): void {
  const isError = body.error !== undefined && body.error !== null;
  if (isError || !isJsonObject(jsonObjects(body.choices)[0]?.message))
    throw brokenAnswer(wordsOf(body) ?? 'It holds no text.');
}
