import { isJsonObject, type JsonObject, type JsonValue, jsonObjects } from '../json.js';

const finishReasons: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

/**
 * Maps the stop reason to the fields of a choice, along with the provider's own values. Its explanation of a refusal does not become the
 * message's `refusal`: that is text of the model, which callers send back to it.
 */
export function finishFields(ending: JsonObject): JsonObject {
  const { stop_reason, stop_sequence, stop_details } = ending;
  return {
    finish_reason:
      typeof stop_reason === 'string' && Object.hasOwn(finishReasons, stop_reason)
        ? (finishReasons[stop_reason] ?? null)
        : (stop_reason ?? null),
    native_finish_reason: stop_reason ?? null,
    ...(isPresent(stop_sequence) ? { stop_sequence } : {}),
    ...(isPresent(stop_details) ? { stop_details } : {}),
  };
}

/**
 * Usage as chat completions count it: prompt tokens include everything the model read, cached or not. Whatever the format has no field for,
 * such as the lifetimes of cache writes, keeps its name.
 */
export function chatUsage(usage: JsonObject): JsonObject {
  const {
    input_tokens,
    output_tokens,
    cache_read_input_tokens,
    cache_creation_input_tokens,
    output_tokens_details,
    ...rest
  } = usage;
  const read = count(cache_read_input_tokens);
  const written = count(cache_creation_input_tokens);
  const prompt = count(input_tokens) + read + written;
  const completion = count(output_tokens);
  const thinking = isJsonObject(output_tokens_details) ? output_tokens_details.thinking_tokens : undefined;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: read, cache_write_tokens: written },
    ...(typeof thinking === 'number' ? { completion_tokens_details: { reasoning_tokens: thinking } } : {}),
    ...present(rest),
  };
}

function count(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}

/** The fields that are neither null nor undefined. */
export function present(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isPresent(value)));
}

function isPresent(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

/** Converts a text block's web citations to annotations of its range within the answer. */
export function annotationsOf(block: JsonObject, start: number, length: number): JsonObject[] {
  return jsonObjects(block.citations).flatMap((citation) => {
    const { url, title } = citation;
    if (typeof url !== 'string') return [];
    const place = { start_index: start, end_index: start + length };
    return [{ type: 'url_citation', url_citation: { ...place, url, title: title ?? url } }];
  });
}
