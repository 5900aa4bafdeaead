import { isJsonObject, type JsonObject } from '../json.js';

/**
 * The error that a whole body is, which some servers (OpenRouter, vLLM) send with status 200; `undefined` for an answer, also for one that
 * speaks of an error besides.
 */
export function errorIn(body: JsonObject): JsonObject | undefined {
  const { error, type, object } = body;
  const isError = type === 'error' || object === 'error';
  if ((!isError && (error === undefined || error === null)) || holdsAnswer(body)) return undefined;
  if (isJsonObject(error)) return error;
  if (typeof error === 'string' && error !== '') return { message: error };
  return isError ? body : undefined;
}

/** A response of the Responses API may have failed and is still one, with an id to ask for: that it has no output yet is an answer. */
function holdsAnswer({ choices, content, data, output }: JsonObject): boolean {
  return (
    Array.isArray(output) || [choices, content, data].some((list) => Array.isArray(list) && list.length > 0)
  );
}
