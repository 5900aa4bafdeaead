import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';
import { type PlacedBlock, restoreBlocks } from './block-details.js';
import { contentBlocks, textBlock } from './content-parts.js';
import { type Draft, refusal } from './draft.js';
import { toolUseBlocks } from './tool-calls.js';

/**
 * Converts an assistant message to content blocks. If it comes from this translation and still has its `reasoning_details` and
 * `content_details`, the model's original blocks are restored: signed thinking must be sent back unchanged and in place, or a conversation
 * with tools cannot continue.
 */
export function assistantBlocks(message: JsonObject, path: string, draft: Draft): JsonObject[] {
  const { content, refusal: refused, tool_calls, function_call, audio } = message;
  if (isJsonObject(function_call)) {
    throw refusal(`${path}.function_call`, 'it is deprecated', 'Send the call in "tool_calls".');
  }
  if (isJsonObject(audio)) {
    throw refusal(`${path}.audio`, 'the audio lies at another provider', 'Send its transcript as content.');
  }
  const calls = toolUseBlocks(tool_calls, `${path}.tool_calls`, draft);
  const reasoning = reasoningBlocks(message, draft);
  const text = contentBlocks(content, `${path}.content`, draft);
  if (Array.isArray(message.content_details)) {
    const restored = restoreBlocks(content, calls, reasoning, jsonObjects(message.content_details));
    if (restored !== undefined) return withMarkOf(text, restored, draft);
    draft.notes.add(
      'messages[].content_details',
      'omitted',
      'the message was changed since the model wrote it, so that they do not fit it any more',
    );
  }
  const declined = typeof refused === 'string' ? textBlock(refused, `${path}.refusal`, draft) : undefined;
  return [
    ...reasoning.map(({ block }) => block),
    ...text,
    ...(declined === undefined ? [] : [declined]),
    ...calls,
  ];
}

/** Sets the prompt cache mark of the text's parts on the last text of the restored blocks, which are others. */
function withMarkOf(parts: readonly JsonObject[], restored: JsonObject[], { notes }: Draft): JsonObject[] {
  const [mark, ...others] = parts.flatMap(({ cache_control }) => cache_control ?? []).reverse();
  if (others.length > 0)
    notes.add('messages[].content[].cache_control', 'omitted', 'the text of an answer keeps its last mark');
  const at = restored.findLastIndex(({ type }) => type === 'text');
  return mark === undefined || at < 0
    ? restored
    : restored.with(at, { ...restored[at], cache_control: mark });
}

/**
 * The thinking blocks of a message: our `reasoning_details`, OpenRouter's, or LiteLLM's `thinking_blocks`. Thinking without a signature
 * comes from another model, and Anthropic rejects it.
 */
function reasoningBlocks(message: JsonObject, { notes }: Draft): PlacedBlock[] {
  // Where both are given, they hold the same thinking.
  const forms = [jsonObjects(message.reasoning_details), jsonObjects(message.thinking_blocks)];
  const isSigned = (detail: JsonObject): boolean => signedBlock(detail) !== undefined;
  const details = forms.find((form) => form.some(isSigned)) ?? forms.flat();
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
