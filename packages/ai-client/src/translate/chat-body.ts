import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';
import { blockDetail, contentDetails, isReasoning } from './block-details.js';
import { annotationsOf, chatUsage, finishFields, present } from './chat-finish.js';

export interface ChatAnswerOptions {
  /** Time of the answer, epoch ms, which the Messages API does not report. */
  readonly createdAt: number;
}

/** The fields common to all chunks and the body of an answer. */
export function chatHead({ id, model }: JsonObject, { createdAt }: ChatAnswerOptions): JsonObject {
  return { id: id ?? '', created: Math.floor(createdAt / 1_000), model: model ?? '' };
}

/** The fields of a message that chat completions do not have; they keep their names. */
export function foreignFields(message: JsonObject): JsonObject {
  const {
    id: _id,
    type: _type,
    role: _role,
    model: _model,
    content: _content,
    usage: _usage,
    stop_reason: _reason,
    stop_sequence: _sequence,
    stop_details: _details,
    ...rest
  } = message;
  return present(rest);
}

/**
 * Translates a whole message to a chat completion. In addition to the format's own fields, the assistant's message has
 *
 * - `reasoning_content`: the text of its thinking;
 * - `reasoning_details`: its thinking blocks with their signatures;
 * - `content_details`: whatever else the format cannot express – an unusual order of blocks, citations, tools that ran at the provider.
 *
 * A caller who sends the message back with them gives the model exactly what it wrote. Parse the answer with `parseExactJson` to preserve
 * large integers.
 */
export function messagesToChatBody(message: JsonObject, options: ChatAnswerOptions): JsonObject {
  const answer = collect(jsonObjects(message.content));
  return {
    ...chatHead(message, options),
    object: 'chat.completion',
    ...foreignFields(message),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', refusal: null, ...answer },
        ...finishFields(message),
      },
    ],
    ...(isJsonObject(message.usage) ? { usage: chatUsage(message.usage) } : {}),
  };
}

function collect(blocks: readonly JsonObject[]): JsonObject {
  let text = '';
  let thinking = '';
  const reasoning: JsonObject[] = [];
  const calls: JsonObject[] = [];
  const details: JsonObject[] = [];
  const annotations: JsonObject[] = [];
  for (const [index, block] of blocks.entries()) {
    const said = block.type === 'text' && typeof block.text === 'string' ? block.text : '';
    annotations.push(...annotationsOf(block, text.length, said.length));
    details.push(blockDetail(block, index, said.length));
    text += said;
    if (isReasoning(block)) {
      reasoning.push({ ...block, index });
      if (typeof block.thinking === 'string') thinking += block.thinking;
    } else if (block.type === 'tool_use') calls.push(toolCall(block));
  }
  const rest = contentDetails(details);
  return {
    content: text === '' ? null : text,
    ...(thinking === '' ? {} : { reasoning_content: thinking }),
    ...(reasoning.length === 0 ? {} : { reasoning_details: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(rest === undefined ? {} : { content_details: rest }),
    ...(annotations.length === 0 ? {} : { annotations }),
  };
}

function toolCall({ id, name, input }: JsonObject): JsonObject {
  return {
    id: id ?? '',
    type: 'function',
    function: { name: name ?? '', arguments: JSON.stringify(input ?? {}) },
  };
}
