import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';
import { type PlacedBlock, restoreBlocks } from './block-details.js';
import { contentBlocks, textBlock } from './content-parts.js';
import { type Draft, refusal } from './draft.js';
import { toolUseBlocks } from './tool-calls.js';

/**
 * An assistant's message as content blocks. One that this translation has written itself, with its
 * `reasoning_details` and `content_details` still in it, becomes what the model wrote: signed thinking has to come back
 * unchanged and in its place, or a conversation with tools cannot go on.
 */
export function assistantBlocks(message: JsonObject, path: string, draft: Draft): JsonObject[] {
  const { content, refusal: refused, tool_calls, function_call, audio } = message;
  if (isJsonObject(function_call)) {
    throw refusal(`${path}.function_call`, 'it is deprecated', 'Send the call in "tool_calls".');
  }
  if (isJsonObject(audio)) {
    throw refusal(`${path}.audio`, 'the audio lies at another provider', 'Send its transcript as content.');
  }
  const calls = toolUseBlocks(tool_calls, `${path}.tool_calls`);
  const reasoning = reasoningBlocks(message, draft);
  if (Array.isArray(message.content_details)) {
    const restored = restoreBlocks(content, calls, reasoning, jsonObjects(message.content_details));
    if (restored !== undefined) return restored;
    draft.notes.add(
      'messages[].content_details',
      'omitted',
      'the message was changed since the model wrote it, so that they do not fit it any more',
    );
  }
  const text = contentBlocks(content, `${path}.content`, draft);
  const declined = typeof refused === 'string' ? textBlock(refused, `${path}.refusal`, draft) : undefined;
  return [
    ...reasoning.map(({ block }) => block),
    ...text,
    ...(declined === undefined ? [] : [declined]),
    ...calls,
  ];
}

/**
 * The thinking that a message carries: our `reasoning_details`, those of OpenRouter, or `thinking_blocks` as LiteLLM
 * writes them. Thinking without a signature is that of another model, and Anthropic does not take it.
 */
function reasoningBlocks(message: JsonObject, { notes }: Draft): PlacedBlock[] {
  const details = [...jsonObjects(message.reasoning_details), ...jsonObjects(message.thinking_blocks)];
  const placed = details.flatMap((detail): PlacedBlock[] => {
    const block = signedBlock(detail);
    if (block === undefined) return [];
    return [{ block, ...(typeof detail.index === 'number' ? { index: detail.index } : {}) }];
  });
  const unsigned =
    placed.length < details.length ||
    (details.length === 0 && (isText(message.reasoning_content) || isText(message.reasoning)));
  if (unsigned) {
    notes.add('messages[].reasoning_content', 'omitted', 'thinking without a signature is not taken back');
  }
  return placed;
}

function signedBlock(detail: JsonObject): JsonObject | undefined {
  const { type, thinking, text, signature, data } = detail;
  const words = type === 'reasoning.text' ? (text ?? '') : thinking;
  if ((type === 'thinking' || type === 'reasoning.text') && isText(signature) && typeof words === 'string') {
    return { type: 'thinking', thinking: words, signature };
  }
  const redacted = type === 'redacted_thinking' || type === 'reasoning.encrypted';
  return redacted && isText(data) ? { type: 'redacted_thinking', data } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
