import type { ExchangeHead } from '../exchange.js';
import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';
import { chatUsage } from '../surfaces/chat-judge.js';
import type { Generation } from './ai-client.js';
import type { ToolCall } from './message.js';

/** Converts a chat completion to a generation, using its first choice. */
export function toGeneration(head: ExchangeHead, body: JsonObject): Generation {
  const { provider, cache, key, attempts, translation } = head;
  const choice = jsonObjects(body.choices)[0];
  const message = isJsonObject(choice?.message) ? choice.message : {};
  const usage = chatUsage(body);
  const refusal = nonEmpty(message.refusal);
  const reasoning = reasoningOf(message);
  const toolCalls = jsonObjects(message.tool_calls).flatMap(toToolCall);
  return {
    text: textOf(message) ?? '',
    model: typeof body.model === 'string' ? body.model : '',
    provider,
    cache,
    attempts,
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(refusal === undefined ? {} : { refusal }),
    ...(typeof choice?.finish_reason === 'string' ? { finishReason: choice.finish_reason } : {}),
    ...(usage === undefined ? {} : { usage }),
    ...(key === undefined ? {} : { key }),
    ...(translation === undefined ? {} : { translation }),
  };
}

/**
 * Reasoning in a message or delta. OpenAI reports none; others call it `reasoning_content` (DeepSeek) or `reasoning` (OpenRouter), or put
 * it into parts of the content (Mistral).
 */
export function reasoningOf(message: JsonObject): string | undefined {
  const thoughts = jsonObjects(message.content).flatMap(({ thinking }) => jsonObjects(thinking));
  return nonEmpty(message.reasoning_content) ?? nonEmpty(message.reasoning) ?? nonEmpty(textsOf(thoughts));
}

/** The visible text of a message or delta: its content, the text parts that some servers send instead, or a refusal. */
export function textOf({ content, refusal }: JsonObject): string | undefined {
  return nonEmpty(content) ?? nonEmpty(textsOf(jsonObjects(content))) ?? nonEmpty(refusal);
}

function textsOf(parts: readonly JsonObject[]): string {
  return parts.map(({ text }) => (typeof text === 'string' ? text : '')).join('');
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The arguments of a call, or a piece of them. Some servers (llama.cpp) send an object instead of a string. */
export function argumentsTextOf({ arguments: written }: JsonObject): string {
  if (typeof written === 'string') return written;
  return written === undefined || written === null ? '' : JSON.stringify(written);
}

function toToolCall(call: JsonObject): ToolCall[] {
  const { id, function: called, type: _type, index: _index, ...extra } = call;
  if (!isJsonObject(called) || typeof called.name !== 'string') return [];
  const written = argumentsTextOf(called);
  const parts = {
    id: typeof id === 'string' ? id : '',
    name: called.name,
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
  // For a function without parameters, some models write nothing at all.
  if (written.trim() === '') return [{ ...parts, arguments: {} }];
  try {
    return [{ ...parts, arguments: JSON.parse(written) as unknown }];
  } catch {
    return [{ ...parts, arguments: undefined, argumentsText: written }];
  }
}
