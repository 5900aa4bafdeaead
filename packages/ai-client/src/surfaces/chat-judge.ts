import type { TokenUsage } from '../call-record.js';
import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';
import type { Verdict } from './adapter.js';
import { isSpoken } from './chat-content.js';
import { tokenCount } from './token-count.js';

/** Proves that a chat completion is complete: all choices are present, have finished regularly, and are not empty. */
export function judgeChat(body: JsonObject, request: JsonObject): Verdict {
  if (body.error !== undefined && body.error !== null) return incomplete('the body is an error');
  const choices = jsonObjects(body.choices);
  const wanted = typeof request.n === 'number' ? request.n : 1;
  if (choices.length < wanted) return incomplete(`${choices.length} of ${wanted} choices`);
  for (const choice of choices) {
    // OpenRouter puts an error of the upstream into the choice that it broke.
    if (choice.error !== undefined && choice.error !== null) return incomplete('a choice is an error');
    const reason = choice.finish_reason;
    if (typeof reason !== 'string') return incomplete('no finish reason');
    if (reason === 'content_filter' || reason === 'error') return incomplete(`finish reason ${reason}`);
    // In a translated answer, only the native finish reason reveals a full context window.
    const isFull = choice.native_finish_reason === 'model_context_window_exceeded';
    if (reason === 'length' && (isFull || !setsLimit(request)))
      return incomplete('cut off at a limit that the request did not set');
    if (!isJsonObject(choice.message) || isEmptyMessage(choice.message))
      return incomplete('an empty message');
    // Useless to anyone: its arguments are invalid JSON, or incomplete.
    if (reason === 'length' && jsonObjects(choice.message.tool_calls).length > 0)
      return incomplete('a tool call that was cut off');
  }
  return { complete: true };
}

function incomplete(reason: string): Verdict {
  return { complete: false, reason };
}

function setsLimit(request: JsonObject): boolean {
  return typeof request.max_tokens === 'number' || typeof request.max_completion_tokens === 'number';
}

function isEmptyMessage(message: JsonObject): boolean {
  const { content, tool_calls, function_call, refusal, audio } = message;
  const called = jsonObjects(tool_calls).length > 0 || isJsonObject(function_call);
  return (
    !isSpoken(content) &&
    !called &&
    !(typeof refusal === 'string' && refusal.length > 0) &&
    !isJsonObject(audio)
  );
}

export function chatUsage(body: JsonObject): TokenUsage | undefined {
  const { usage } = body;
  if (!isJsonObject(usage)) return undefined;
  const { prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details } = usage;
  const inputTokens = tokenCount(prompt_tokens);
  if (inputTokens === undefined) return undefined;
  const cached = isJsonObject(prompt_tokens_details)
    ? tokenCount(prompt_tokens_details.cached_tokens)
    : undefined;
  const reasoning = isJsonObject(completion_tokens_details)
    ? tokenCount(completion_tokens_details.reasoning_tokens)
    : undefined;
  return {
    inputTokens,
    outputTokens: tokenCount(completion_tokens) ?? 0,
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
  };
}
