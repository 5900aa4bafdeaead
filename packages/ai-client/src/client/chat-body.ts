import { AiError } from '../errors.js';
import type { JsonObject, JsonValue } from '../json.js';
import { limitField, takesParallelCalls } from '../routing/model-words.js';
import type { GenerateOptions } from './ai-client.js';
import { chatMessage, isBlank, toMessages } from './chat-message.js';
import { checkPrompt } from './check-prompt.js';
import type { Message, Prompt } from './message.js';
import type { JsonSchema, ResponseFormat, Tool, ToolChoice } from './tool.js';

/** Builds the body of a chat request. Absent options stay absent, which leaves the defaults to the provider. */
export function chatBody(
  model: string,
  prompt: Prompt,
  options: GenerateOptions,
  streamed: boolean,
): JsonObject {
  checkPrompt(prompt);
  const messages: Message[] = [...toMessages(prompt)];
  if (options.system !== undefined) messages.unshift({ role: 'system', content: options.system });
  if (messages.every(isBlank)) {
    throw new AiError('AI_REQUEST_INVALID', 'The prompt is empty.', {
      hint: 'Give a prompt with some text.',
    });
  }
  const { maxTokens, temperature, topP, stop, seed, tools, toolChoice, parallelToolCalls, responseFormat } =
    options;
  return {
    model,
    messages: messages.map(chatMessage),
    ...(streamed ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...(maxTokens === undefined ? {} : { [limitField(model)]: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(stop === undefined ? {} : { stop: typeof stop === 'string' ? stop : [...stop] }),
    ...(seed === undefined ? {} : { seed }),
    ...(tools === undefined || tools.length === 0 ? {} : { tools: tools.map(chatTool) }),
    ...(toolChoice === undefined ? {} : { tool_choice: chatToolChoice(toolChoice, tools) }),
    ...(parallelToolCalls === undefined || !takesParallelCalls(model, parallelToolCalls)
      ? {}
      : { parallel_tool_calls: parallelToolCalls }),
    ...(responseFormat === undefined ? {} : { response_format: chatResponseFormat(responseFormat) }),
  };
}

function chatTool({ name, description, parameters, strict }: Tool): JsonObject {
  return {
    type: 'function',
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      parameters: json(parameters ?? { type: 'object', properties: {} }),
      ...(strict === undefined ? {} : { strict }),
    },
  };
}

function chatToolChoice(choice: ToolChoice, tools: readonly Tool[] = []): JsonValue {
  if (typeof choice === 'string') return choice;
  const { name } = choice;
  if (!tools.some((tool) => tool.name === name)) {
    throw new TypeError(`toolChoice names a tool that is not among tools: ${JSON.stringify(name)}`);
  }
  return { type: 'function', function: { name } };
}

function chatResponseFormat(format: ResponseFormat): JsonObject {
  if (format.type === 'json-object') return { type: 'json_object' };
  const { name, schema, strict } = format;
  return {
    type: 'json_schema',
    json_schema: { name, schema: json(schema), ...(strict === undefined ? {} : { strict }) },
  };
}

/** Anything that is not JSON is dropped by `JSON.stringify`. */
function json(schema: JsonSchema): JsonObject {
  return schema as JsonObject;
}
