import { AiError } from '../errors.js';
import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';
import { wordsOf } from './provider-error.js';

/** The error for a response with a success status that is not an answer. */
export function brokenAnswer(said: string): AiError {
  return new AiError('AI_RESPONSE_INVALID', `What the provider sent is not an answer. ${said}`, {
    hint: 'Ask again: nothing of the broken answer was stored.',
    retryable: true,
  });
}

/** Fails if a chat completion has no choice with a message: some servers send an error that way, or nothing, with status 200. */
export function requireChoice(body: JsonObject): void {
  const isError = body.error !== undefined && body.error !== null;
  if (isError || !isJsonObject(jsonObjects(body.choices)[0]?.message))
    throw brokenAnswer(wordsOf(body) ?? 'It holds no text.');
}
