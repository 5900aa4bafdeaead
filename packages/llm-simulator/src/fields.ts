import { ANSWER_HEADER, type AnswerDirectives, readAnswerDirectives } from './answer/directives.js';
import type { AnswerFormat, InputUsage, Tool, ToolChoice } from './answer/prompt.js';
import { invalidField, RequestRefusal } from './api-error.js';
import type { ReadContext } from './endpoint.js';
import { asList, asNumber, asString, isObject, type JsonObject } from './json.js';

/** The value of a required text field. */
export function requiredString(body: JsonObject, name: string): string {
  const value = body[name];
  if (value === undefined) throw missing(name);
  if (typeof value !== 'string' || value === '')
    throw invalidField(
      name,
      `Invalid type for '${name}': expected a string, but got ${describe(value)} instead.`,
    );
  return value;
}

/** The refusal for a missing field. */
export function missing(name: string): RequestRefusal {
  return new RequestRefusal({
    status: 400,
    message: `Missing required parameter: '${name}'.`,
    param: name,
    code: 'missing_required_parameter',
  });
}

/** A positive whole number, if given; null counts as not given. */
export function optionalCount(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  const count = asNumber(value);
  if (count === undefined || !Number.isInteger(count) || count < 1)
    throw invalidField(
      name,
      `Invalid value for '${name}': expected an integer >= 1, but got ${describe(value)} instead.`,
    );
  return count;
}

/** A number within a range, checked but not otherwise used. */
export function checkRange(body: JsonObject, name: string, least: number, most: number): void {
  const value = body[name];
  if (value === undefined || value === null) return;
  const number = asNumber(value);
  if (number === undefined || number < least || number > most)
    throw invalidField(
      name,
      `Invalid value for '${name}': expected a number from ${least} to ${most}, but got ${describe(value)} instead.`,
    );
}

/** Answer directives of the request; a syntax error in them becomes a 400. */
export function directivesOf(context: ReadContext, userText: string): AnswerDirectives {
  const header = context.headers[ANSWER_HEADER];
  try {
    return readAnswerDirectives(typeof header === 'string' ? header : undefined, userText);
  } catch (error) {
    throw invalidField(ANSWER_HEADER, error instanceof Error ? error.message : String(error));
  }
}

/** Stop sequences: a text or a list of texts. */
export function readStops(stop: unknown): string[] {
  if (typeof stop === 'string') return [stop];
  return Array.isArray(stop) ? stop.filter((item) => typeof item === 'string') : [];
}

/** `response_format` of chat, or `text.format` of responses, which carries the schema one level higher. */
export function readFormat(format: unknown, name: string): AnswerFormat {
  if (!isObject(format)) return { type: 'text' };
  const type = asString(format.type);
  if (type === undefined || type === 'text') return { type: 'text' };
  if (type === 'json_object') return { type: 'json' };
  if (type !== 'json_schema')
    throw invalidField(
      `${name}.type`,
      `Invalid value: '${type}'. Supported values are: 'text', 'json_object' and 'json_schema'.`,
    );
  const holder = isObject(format.json_schema) ? format.json_schema : format;
  if (!isObject(holder.schema)) throw missing(`${name}.schema`);
  return { type: 'schema', schema: holder.schema };
}

/** Only the tools that the caller runs. */
export function readTools(tools: unknown): Tool[] {
  return asList(tools)
    .map(readTool)
    .filter((tool) => tool !== undefined);
}

/** A tool definition: nested under `function` or `custom` (chat) or flat (responses). Undefined for server-side ones. */
function readTool(tool: unknown): Tool | undefined {
  if (!isObject(tool)) return undefined;
  const type = asString(tool.type);
  if (type !== 'function' && type !== 'custom') return undefined;
  const nested = tool[type];
  const definition = isObject(nested) ? nested : tool;
  const name = asString(definition.name);
  if (name === undefined) throw missing(`tools[].${type}.name`);
  return {
    name,
    description: asString(definition.description) ?? '',
    schema: definition.parameters,
    kind: type,
  };
}

export function readToolChoice(choice: unknown): ToolChoice {
  if (choice === 'none' || choice === 'required') return { mode: choice };
  if (!isObject(choice)) return { mode: 'auto' };
  const nested = isObject(choice.function)
    ? choice.function
    : isObject(choice.custom)
      ? choice.custom
      : choice;
  const name = asString(nested.name);
  if (name !== undefined) return { mode: 'named', name };
  const allowed = isObject(choice.allowed_tools) ? choice.allowed_tools : choice;
  return { mode: allowed.mode === 'required' ? 'required' : 'auto' };
}

/** Input usage under OpenAI's automatic prompt cache. `text` is called only if the prompt is long enough. */
export function inputUsage(
  model: string,
  total: number,
  cached: number | undefined,
  context: ReadContext,
  text: () => string,
): InputUsage {
  const read = cached ?? (total < 1_024 ? 0 : context.promptCache.readAutomatic(model, text()));
  return { total, cacheRead: Math.min(read, total), cacheWrite: 0 };
}

function describe(value: unknown): string {
  return value === null
    ? 'null'
    : Array.isArray(value)
      ? 'an array'
      : typeof value === 'object'
        ? 'an object'
        : JSON.stringify(value);
}
