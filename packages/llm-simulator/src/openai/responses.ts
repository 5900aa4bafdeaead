import { createInputCounter, type InputCounter, readContent, toolsText } from '../answer/content.js';
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
  readToolChoice,
  readTools,
  requiredString,
} from '../fields.js';
import { asString, isObject, type JsonObject } from '../json.js';
import { seedOf } from '../random.js';
import type { Surface } from '../surface.js';
import { responseBody } from './response-body.js';
import { responseFrames } from './response-stream.js';

/** `POST /v1/responses`. Nothing is stored: `previous_response_id` and `conversation` are accepted, not followed. */
export const RESPONSES: Surface = {
  name: 'responses',
  dialect: 'openai',
  read: readResponses,
  body: responseBody,
  frames: responseFrames,
  errorFrame(failure, sequence) {
    const { code, message, param } = errorDetail('openai', failure);
    const data = { type: 'error', sequence_number: sequence, code: code ?? 'server_error', message, param };
    return `event: error\ndata: ${JSON.stringify(data)}\n\n`;
  },
};

function readResponses(body: JsonObject, context: ReadContext): Prompt {
  const model = requiredString(body, 'model');
  const input = body.input;
  if (input === undefined) throw missing('input');
  if (typeof input !== 'string' && !Array.isArray(input))
    throw invalidField('input', "Invalid type for 'input': expected a string or an array of input items.");
  const counter = createInputCounter();
  const system: string[] = [];
  const instructions = asString(body.instructions);
  if (instructions !== undefined) {
    system.push(instructions);
    counter.text(instructions);
  }
  const turns = readItems(
    typeof input === 'string' ? [{ role: 'user', content: input }] : input,
    system,
    counter,
  );
  checkRange(body, 'temperature', 0, 2);
  checkRange(body, 'top_p', 0, 1);
  counter.text(toolsText(body.tools));
  const userText = turns.findLast((turn) => turn.role === 'user')?.text ?? '';
  const directives = directivesOf(context, userText);
  const format = isObject(body.text) ? body.text.format : undefined;
  const reasoning = isObject(body.reasoning) ? body.reasoning : undefined;
  return {
    model,
    system: system.join('\n'),
    turns,
    tools: readTools(body.tools),
    toolChoice: readToolChoice(body.tool_choice),
    parallelTools: body.parallel_tool_calls !== false,
    format: readFormat(format, 'text.format'),
    stops: [],
    maxTokens: optionalCount(body, 'max_output_tokens'),
    reasoning: reasoning !== undefined && reasoning.effort !== 'none',
    choices: 1,
    stream: body.stream === true,
    directives,
    seed: seedOf(
      JSON.stringify([
        context.seed,
        model,
        input,
        instructions,
        body.previous_response_id,
        body.conversation,
        body.tools,
        body.tool_choice,
        format,
        body.temperature,
        body.top_p,
        reasoning?.effort,
      ]),
    ),
    usage: inputUsage(model, counter.tokens(), directives.cached, context, () =>
      JSON.stringify([body.tools, instructions, input]),
    ),
  };
}

function readItems(items: readonly unknown[], system: string[], counter: InputCounter): Turn[] {
  const turns: Turn[] = [];
  for (const [index, item] of items.entries()) {
    if (!isObject(item))
      throw invalidField(`input[${index}]`, `Invalid type for 'input[${index}]': expected an object.`);
    const type = asString(item.type) ?? 'message';
    if (type === 'message') {
      const content = readContent(item.content);
      counter.message(content);
      const role = asString(item.role);
      if (role === undefined) throw missing(`input[${index}].role`);
      if (role === 'system' || role === 'developer') system.push(content.text);
      else turns.push({ role: role === 'assistant' ? 'assistant' : 'user', text: content.text });
    } else if (type === 'function_call_output' || type === 'custom_tool_call_output') {
      const content = readContent(item.output);
      counter.message(content);
      turns.push({ role: 'tool', text: content.text });
    } else if (type === 'function_call' || type === 'custom_tool_call') {
      counter.text(`${asString(item.name) ?? ''}${asString(item.arguments) ?? asString(item.input) ?? ''}`);
      turns.push({ role: 'assistant', text: '' });
    }
  }
  return turns;
}
