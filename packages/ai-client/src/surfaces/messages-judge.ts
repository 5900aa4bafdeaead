import type { TokenUsage } from '../call-record.js';
import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';
import type { Verdict } from './adapter.js';
import { tokenCount } from './token-count.js';

/**
 * Stop reasons with which an answer is not stored. `refusal` is a classifier's intervention, which may come in mid-text. `pause_turn` asks
 * to be continued. A full context window is a limit that no request sets, unlike `max_tokens`, which every request must set.
 */
const notToKeep: ReadonlySet<string> = new Set(['refusal', 'pause_turn', 'model_context_window_exceeded']);

/** Proves that a message is complete: it has a regular stop reason and is not empty. */
export function judgeMessage(body: JsonObject): Verdict {
  if (body.type === 'error' || isJsonObject(body.error)) return incomplete('the body is an error');
  const { stop_reason } = body;
  if (typeof stop_reason !== 'string') return incomplete('no stop reason');
  if (notToKeep.has(stop_reason)) return incomplete(`stop reason ${stop_reason}`);
  const blocks = jsonObjects(body.content);
  if (!blocks.some(saysSomething)) return incomplete('an empty message');
  // In a non-streamed body, the input of a truncated call is empty or partial: useless to anyone.
  const last = blocks.at(-1);
  if (stop_reason === 'max_tokens' && typeof last?.type === 'string' && last.type.endsWith('tool_use'))
    return incomplete('a tool call that was cut off');
  return { complete: true };
}

function incomplete(reason: string): Verdict {
  return { complete: false, reason };
}

/** Thinking alone is not an answer. */
function saysSomething({ type, text }: JsonObject): boolean {
  if (type === 'thinking' || type === 'redacted_thinking') return false;
  return type !== 'text' || (typeof text === 'string' && text.length > 0);
}

/** Input tokens are the sum of uncached, cache-read and cache-creation tokens. */
export function messageUsage(body: JsonObject): TokenUsage | undefined {
  const { usage } = body;
  if (!isJsonObject(usage)) return undefined;
  const fresh = tokenCount(usage.input_tokens);
  if (fresh === undefined) return undefined;
  const { cache_creation_input_tokens, cache_read_input_tokens, output_tokens_details } = usage;
  const cached = tokenCount(cache_read_input_tokens);
  const thinking = isJsonObject(output_tokens_details)
    ? tokenCount(output_tokens_details.thinking_tokens)
    : undefined;
  return {
    inputTokens: fresh + (cached ?? 0) + (tokenCount(cache_creation_input_tokens) ?? 0),
    outputTokens: tokenCount(usage.output_tokens) ?? 0,
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
    ...(thinking === undefined ? {} : { reasoningTokens: thinking }),
  };
}
