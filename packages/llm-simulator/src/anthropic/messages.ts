import type { Prompt, Tool, ToolChoice } from '../answer/prompt.js';
import { errorDetail, invalidField } from '../api-error.js';
import type { ReadContext } from '../endpoint.js';
import { directivesOf, readStops } from '../fields.js';
import { asList, asNumber, asString, isObject, type JsonObject } from '../json.js';
import { seedOf } from '../random.js';
import type { Surface } from '../surface.js';
import { markedUsage, readMessagesInput } from './input.js';
import { messageBody } from './message-body.js';
import { messageFrames } from './message-stream.js';

const ROLES = new Set(['user', 'assistant', 'system']);
const LEAST_THINKING_TOKENS = 1_024;

/** `POST /v1/messages`. */
export const MESSAGES: Surface = {
  name: 'messages',
  dialect: 'anthropic',
  read: readMessages,
  body: messageBody,
  frames: messageFrames,
  errorFrame: (failure) =>
    `event: error\ndata: ${JSON.stringify({ type: 'error', error: errorDetail('anthropic', failure) })}\n\n`,
};

/** The checks that `/v1/messages` and `/v1/messages/count_tokens` have in common. Returns the model. */
export function checkMessages(body: JsonObject, context: ReadContext): string {
  if (context.headers['anthropic-version'] === undefined)
    throw invalidField('anthropic-version', 'anthropic-version: header is required');
  const model = asString(body.model);
  if (model === undefined || model === '') throw invalidField('model', 'model: Field required');
  const messages = body.messages;
  if (!Array.isArray(messages)) throw invalidField('messages', 'messages: Field required');
  if (messages.length === 0) throw invalidField('messages', 'messages: at least one message is required');
  for (const [index, message] of messages.entries()) {
    const role = isObject(message) ? message.role : undefined;
    if (typeof role !== 'string' || !ROLES.has(role))
      throw invalidField('messages', `messages.${index}.role: Input should be 'user' or 'assistant'`);
    if (isObject(message) && message.content === undefined)
      throw invalidField('messages', `messages.${index}.content: Field required`);
  }
  return model;
}

function readMessages(body: JsonObject, context: ReadContext): Prompt {
  const model = checkMessages(body, context);
  const maxTokens = asNumber(body.max_tokens);
  if (maxTokens === undefined) throw invalidField('max_tokens', 'max_tokens: Field required');
  if (!Number.isInteger(maxTokens) || maxTokens < 1)
    throw invalidField('max_tokens', 'max_tokens: Input should be greater than or equal to 1');
  const input = readMessagesInput(body);
  const userText = input.turns.findLast((turn) => turn.role === 'user')?.text ?? '';
  const directives = directivesOf(context, userText);
  const choice = isObject(body.tool_choice) ? body.tool_choice : {};
  const format = formatOf(body);
  return {
    model,
    system: input.system,
    turns: input.turns,
    tools: readTools(body.tools),
    toolChoice: readToolChoice(choice),
    parallelTools: choice.disable_parallel_tool_use !== true,
    format: format === undefined ? { type: 'text' } : { type: 'schema', schema: format },
    stops: readStops(body.stop_sequences),
    maxTokens,
    reasoning: wantsThinking(body.thinking, maxTokens),
    choices: 1,
    stream: body.stream === true,
    directives,
    seed: seedOf(
      JSON.stringify([
        context.seed,
        model,
        body.system,
        body.messages,
        body.tools,
        choice,
        body.temperature,
        body.top_p,
        body.top_k,
        body.thinking,
        format,
      ]),
    ),
    usage: markedUsage(body, model, input.tokens, directives.cached, context.promptCache),
  };
}

function formatOf(body: JsonObject): unknown {
  const config = isObject(body.output_config) ? body.output_config.format : body.output_format;
  return isObject(config) && config.type === 'json_schema' ? config.schema : undefined;
}

function wantsThinking(thinking: unknown, maxTokens: number): boolean {
  if (!isObject(thinking)) return false;
  if (thinking.type === 'adaptive') return true;
  if (thinking.type !== 'enabled') return false;
  const budget = asNumber(thinking.budget_tokens);
  if (budget === undefined) throw invalidField('thinking', 'thinking.enabled.budget_tokens: Field required');
  if (budget < LEAST_THINKING_TOKENS)
    throw invalidField(
      'thinking',
      `thinking.enabled.budget_tokens: Input should be greater than or equal to ${LEAST_THINKING_TOKENS}`,
    );
  if (budget >= maxTokens)
    throw invalidField('thinking', '`max_tokens` must be greater than `thinking.budget_tokens`');
  return true;
}

/** Only the tools that the caller runs. */
function readTools(tools: unknown): Tool[] {
  return asList(tools)
    .map(readTool)
    .filter((tool) => tool !== undefined);
}

/** Undefined for tools that run on Anthropic's side. */
function readTool(tool: unknown): Tool | undefined {
  if (!isObject(tool)) return undefined;
  const name = asString(tool.name);
  if (name === undefined) throw invalidField('tools', 'tools.0.name: Field required');
  if (!isObject(tool.input_schema)) return undefined;
  return { name, description: asString(tool.description) ?? '', schema: tool.input_schema, kind: 'function' };
}

function readToolChoice(choice: JsonObject): ToolChoice {
  const name = asString(choice.name);
  if (choice.type === 'tool' && name !== undefined) return { mode: 'named', name };
  if (choice.type === 'any') return { mode: 'required' };
  return { mode: choice.type === 'none' ? 'none' : 'auto' };
}
