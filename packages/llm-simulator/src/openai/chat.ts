import { createInputCounter, readContent, toolsText } from '../answer/content.js';
import type { Prompt, Turn } from '../answer/prompt.js';
import { errorDetail, invalidField } from '../api-error.js';
import type { ReadContext } from '../endpoint.js';
import {
  checkRange,
  directivesOf,
  inputUsage,
  missing,
  optionalCount,
  readFormat,
  readStops,
  readToolChoice,
  readTools,
  requiredString,
} from '../fields.js';
import { asString, isObject, type JsonObject } from '../json.js';
import { seedOf } from '../random.js';
import type { Surface } from '../surface.js';
import { chatBody } from './chat-body.js';
import { chatFrames } from './chat-stream.js';

const ROLES = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function']);
const MAX_CHOICES = 128;

/** `POST /v1/chat/completions`. */
export const CHAT: Surface = {
  name: 'chat.completions',
  dialect: 'openai',
  read: readChat,
  body: chatBody,
  frames: chatFrames,
  errorFrame: (failure) => `data: ${JSON.stringify({ error: errorDetail('openai', failure) })}\n\n`,
};

function readChat(body: JsonObject, context: ReadContext): Prompt {
  const model = requiredString(body, 'model');
  const messages = body.messages;
  if (messages === undefined) throw missing('messages');
  if (!Array.isArray(messages) || messages.length === 0)
    throw invalidField('messages', `Invalid 'messages': expected an array with at least one message.`);
  const counter = createInputCounter();
  const turns: Turn[] = [];
  const system: string[] = [];
  for (const [index, message] of messages.entries()) {
    const role = isObject(message) ? asString(message.role) : undefined;
    if (!isObject(message) || role === undefined) throw missing(`messages[${index}].role`);
    if (!ROLES.has(role))
      throw invalidField(
        `messages[${index}].role`,
        `Invalid value: '${role}'. Supported values are: 'system', 'developer', 'user', 'assistant', 'tool' and 'function'.`,
      );
    const content = readContent(message.content);
    counter.message(content);
    if (role === 'system' || role === 'developer') system.push(content.text);
    else turns.push({ role: role === 'user' || role === 'assistant' ? role : 'tool', text: content.text });
    counter.text(toolsText(message.tool_calls));
  }
  checkRange(body, 'temperature', 0, 2);
  checkRange(body, 'top_p', 0, 1);
  const choices = optionalCount(body, 'n') ?? 1;
  if (choices > MAX_CHOICES)
    throw invalidField('n', `Invalid value for 'n': expected an integer <= ${MAX_CHOICES}.`);
  counter.text(toolsText(body.tools));
  const userText = turns.findLast((turn) => turn.role === 'user')?.text ?? '';
  const directives = directivesOf(context, userText);
  const effort = asString(body.reasoning_effort);
  return {
    model,
    system: system.join('\n'),
    turns,
    tools: readTools(body.tools),
    toolChoice: readToolChoice(body.tool_choice),
    parallelTools: body.parallel_tool_calls !== false,
    format: readFormat(body.response_format, 'response_format'),
    stops: readStops(body.stop),
    maxTokens: optionalCount(body, 'max_completion_tokens') ?? optionalCount(body, 'max_tokens'),
    reasoning: effort !== undefined && effort !== 'none',
    choices,
    stream: body.stream === true,
    directives,
    seed: seedOf(
      JSON.stringify([
        context.seed,
        model,
        messages,
        body.tools,
        body.tool_choice,
        body.response_format,
        body.temperature,
        body.top_p,
        body.seed,
        effort,
      ]),
    ),
    usage: inputUsage(model, counter.tokens(), directives.cached, context, () =>
      JSON.stringify([body.tools, messages]),
    ),
  };
}
