import { isJsonObject, type JsonObject } from '../json.js';

/**
 * The error that a body consists of, as some servers (OpenRouter, vLLM) send it with status 200; `undefined` for an answer, even one that
 * also mentions an error.
 */
export function errorIn(body: JsonObject): JsonObject | undefined {
  const { error, type, object } = body;
  const isError = type === 'error' || object === 'error';
  if ((!isError && (error === undefined || error === null)) || holdsAnswer(body)) return undefined;
  if (isJsonObject(error)) return error;
  if (typeof error === 'string' && error !== '') return { message: error };
  return isError ? body : undefined;
}

/** A failed response of the Responses API is still an answer, with an id that can be retrieved, even if its output is empty. */
function holdsAnswer({ choices, content, data, output }: JsonObject): boolean {
  return (
    Array.isArray(output) || [choices, content, data].some((list) => Array.isArray(list) && list.length > 0)
  );
}
