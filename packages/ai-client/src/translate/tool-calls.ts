import { parseExactJson } from '../exact-json.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { contentBlocks } from './content-parts.js';
import { type Draft, noteForeign, refusal } from './draft.js';

/**
 * Converts an id to one that Anthropic accepts: letters, digits, `_` and `-`. Other servers use other characters (`functions.look:0`), and
 * a conversation begun there may continue here. Deterministic.
 */
export function portableToolId(id: string): string {
  return id.replace(/[^a-zA-Z0-9_-]/g, (character) => `_${character.charCodeAt(0).toString(16)}`);
}

/** Converts the tool calls of an assistant message to `tool_use` blocks. */
export function toolUseBlocks(calls: JsonValue | undefined, path: string, draft: Draft): JsonObject[] {
  if (calls === undefined || calls === null) return [];
  if (!Array.isArray(calls)) throw refusal(path, 'it is not a list', 'Send the tool calls as they came.');
  return calls.map((call, index) => toolUseBlock(call, `${path}[${index}]`, draft));
}

function toolUseBlock(value: JsonValue, path: string, draft: Draft): JsonObject {
  const call = isJsonObject(value) ? value : {};
  const { id, function: called, cache_control } = call;
  if (!isJsonObject(called) || typeof called.name !== 'string' || typeof id !== 'string') {
    throw refusal(path, 'it is not a call of a function with an id', 'Send the tool calls as they came.');
  }
  // Clients that assemble streams may leave the `index` of a call.
  noteForeign(call, ['id', 'type', 'index', 'function', 'cache_control'], 'messages[].tool_calls[]', draft);
  noteForeign(called, ['name', 'arguments'], 'messages[].tool_calls[].function', draft);
  return {
    type: 'tool_use',
    id: portableToolId(id),
    name: called.name,
    input: toolInput(called.arguments, `${path}.function.arguments`),
    ...(cache_control === undefined ? {} : { cache_control }),
  };
}

function toolInput(text: JsonValue | undefined, path: string): JsonObject {
  // Some servers send nothing for a call without arguments.
  if (text === undefined || text === null || text === '') return {};
  let input: unknown = text;
  try {
    if (typeof text === 'string') input = parseExactJson(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refusal(
      path,
      `it is not JSON (${reason})`,
      'Repair the arguments, or leave the call and its result out.',
    );
  }
  if (!isJsonObject(input)) {
    throw refusal(
      path,
      'it is not a JSON object',
      'Repair the arguments, or leave the call and its result out.',
    );
  }
  return input;
}

/** Converts a `tool` message to a `tool_result` block. */
export function toolResultBlock(message: JsonObject, path: string, draft: Draft): JsonObject {
  const { role: _role, name: _name, tool_call_id, content, ...rest } = message;
  if (typeof tool_call_id !== 'string') {
    throw refusal(`${path}.tool_call_id`, 'it is not a string', 'Give the id of the call that this answers.');
  }
  const blocks = typeof content === 'string' ? content : contentBlocks(content, `${path}.content`, draft);
  return {
    type: 'tool_result',
    tool_use_id: portableToolId(tool_call_id),
    ...(blocks.length === 0 ? {} : { content: blocks }),
    // Anthropic's own fields, such as is_error and cache_control.
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== null)),
  };
}
