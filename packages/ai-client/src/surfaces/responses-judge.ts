import type { TokenUsage } from '../call-record.js';
import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';
import type { Verdict } from './adapter.js';
import { tokenCount } from './token-count.js';

/** Proves that a response is complete: it was completed, or cut off at the request's limit, and has visible output or a call. */
export function judgeResponse(body: JsonObject, request: JsonObject): Verdict {
  if (body.error !== undefined && body.error !== null) return incomplete('the body is an error');
  const { status, incomplete_details } = body;
  const reason = isJsonObject(incomplete_details) ? incomplete_details.reason : undefined;
  const cut = status === 'incomplete' && reason === 'max_output_tokens';
  if (cut && typeof request.max_output_tokens !== 'number')
    return incomplete('cut off at a limit that the request did not set');
  if (!cut && (status !== 'completed' || reason !== undefined))
    return incomplete(`status ${JSON.stringify(status ?? null)}, ${JSON.stringify(reason ?? null)}`);
  const items = jsonObjects(body.output);
  const broken = items.find((item) => !isWhole(item, cut));
  if (broken !== undefined) return incomplete(`an item that is ${JSON.stringify(broken.status)}`);
  return items.some(saysSomething) ? { complete: true } : incomplete('an empty output');
}

function incomplete(reason: string): Verdict {
  return { complete: false, reason };
}

function isWhole({ status }: JsonObject, cut: boolean): boolean {
  return (
    status === undefined || status === null || status === 'completed' || (cut && status === 'incomplete')
  );
}

/** Reasoning alone is not an answer. */
function saysSomething({ type, content }: JsonObject): boolean {
  if (type === 'reasoning') return false;
  if (type !== 'message') return true;
  return jsonObjects(content).some((part) => {
    const text = part.text ?? part.refusal;
    return typeof text === 'string' ? text.length > 0 : true;
  });
}

export function responseUsage(body: JsonObject): TokenUsage | undefined {
  const { usage } = body;
  if (!isJsonObject(usage)) return undefined;
  const { input_tokens, output_tokens, input_tokens_details, output_tokens_details } = usage;
  const inputTokens = tokenCount(input_tokens);
  if (inputTokens === undefined) return undefined;
  const cached = isJsonObject(input_tokens_details)
    ? tokenCount(input_tokens_details.cached_tokens)
    : undefined;
  const reasoning = isJsonObject(output_tokens_details)
    ? tokenCount(output_tokens_details.reasoning_tokens)
    : undefined;
  return {
    inputTokens,
    outputTokens: tokenCount(output_tokens) ?? 0,
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
  };
}
