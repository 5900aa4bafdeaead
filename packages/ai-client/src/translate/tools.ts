import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { type Draft, refusal } from './draft.js';
import { noteSchema } from './output-format.js';
import { portableSchema } from './portable-schema.js';

/** Translates `tools`: functions become Anthropic's tools; its own kinds, such as `web_search_20260318`, pass unchanged. */
export function translateTools(value: JsonValue, draft: Draft): void {
  if (!Array.isArray(value)) throw refusal('tools', 'it is not a list', 'Send a list of functions.');
  if (value.length > 0) draft.body.tools = value.map((tool, index) => translateTool(tool, index, draft));
}

function translateTool(tool: JsonValue, index: number, draft: Draft): JsonValue {
  const path = `tools[${index}]`;
  if (!isJsonObject(tool)) throw refusal(path, 'it is not an object', 'Send {"type": "function", …}.');
  if (isJsonObject(tool.custom)) {
    throw refusal(
      path,
      'there are no tools with free-form input',
      'Send it as a function with one text field.',
    );
  }
  if (tool.type !== 'function') return tool;
  const { type: _type, function: described, ...rest } = tool;
  if (!isJsonObject(described) || typeof described.name !== 'string') {
    throw refusal(`${path}.function`, 'it has no name', 'Send {"name", "description", "parameters"}.');
  }
  const { parameters, strict, ...named } = described;
  if (parameters !== undefined && parameters !== null && !isJsonObject(parameters)) {
    throw refusal(`${path}.function.parameters`, 'it is not an object', 'Send the JSON schema itself.');
  }
  const schema: JsonObject = { type: 'object', ...parameters };
  if (strict !== true) return { ...named, input_schema: schema, ...rest };
  const portable = portableSchema(schema);
  noteSchema(portable, 'tools[].function.parameters', draft);
  return { ...named, input_schema: portable.schema, strict, ...rest };
}

/** Translates `tool_choice` and `parallel_tool_calls`, which Anthropic combines in one object. */
export function translateToolChoice({ request, body, notes }: Draft): void {
  const { tool_choice, parallel_tool_calls } = request;
  const choice = tool_choice === undefined || tool_choice === null ? undefined : readChoice(tool_choice);
  const oneAtATime = parallel_tool_calls === false;
  if (body.tools === undefined) {
    if (choice?.type === 'any' || choice?.type === 'tool') {
      throw refusal('tool_choice', 'the request has no tools', 'Send "tools", or leave "tool_choice" out.');
    }
    // Without tools, neither has any effect.
    return;
  }
  if (!oneAtATime || choice?.type === 'none') {
    if (choice !== undefined) body.tool_choice = choice;
    return;
  }
  if (choice?.disable_parallel_tool_use === false) {
    notes.add('parallel_tool_calls', 'omitted', 'tool_choice.disable_parallel_tool_use says the contrary');
    body.tool_choice = choice;
    return;
  }
  body.tool_choice = { type: 'auto', ...choice, disable_parallel_tool_use: true };
}

const choiceTypes: Readonly<Record<string, string>> = { auto: 'auto', none: 'none', required: 'any' };

function readChoice(value: JsonValue): JsonObject {
  if (typeof value === 'string' && Object.hasOwn(choiceTypes, value)) {
    return { type: choiceTypes[value] ?? value };
  }
  if (isJsonObject(value)) {
    if (isJsonObject(value.function) && typeof value.function.name === 'string') {
      return { type: 'tool', name: value.function.name };
    }
    // Anthropic's own form.
    if (['auto', 'any', 'tool', 'none'].some((type) => type === value.type)) return value;
  }
  throw refusal(
    'tool_choice',
    `${JSON.stringify(value).slice(0, 80)} has no counterpart`,
    'Use "auto", "none", "required" or {"type": "function", "function": {"name": …}}, and send only the tools that are allowed.',
  );
}
