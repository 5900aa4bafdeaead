import { isJsonObject, type JsonObject, type JsonValue, jsonObjects } from '../json.js';
import type { Surface } from '../surface.js';

/**
 * Whether an answer is only text. A tool call acts, with arguments derived from the exact wording of its request; a refusal may be due to
 * that wording. Neither may be given to another question.
 */
export function isPlainAnswer(surface: Surface, body: JsonObject): boolean {
  switch (surface) {
    case 'chat':
      return jsonObjects(body.choices).length === 1 && jsonObjects(body.choices).every(isPlainChoice);
    case 'messages':
      return (
        body.stop_reason !== 'refusal' && areAll(body.content, ['text', 'thinking', 'redacted_thinking'])
      );
    case 'responses':
      return areAll(body.output, ['message', 'reasoning']) && jsonObjects(body.output).every(isPlainItem);
    case 'embeddings':
      return false;
  }
}

function isPlainChoice({ message }: JsonObject): boolean {
  if (!isJsonObject(message) || typeof message.content !== 'string' || message.content === '') return false;
  const { tool_calls, function_call, refusal, audio } = message;
  const others = [function_call, refusal, audio].some((value) => value !== undefined && value !== null);
  return !others && jsonObjects(tool_calls).length === 0;
}

function isPlainItem({ type, content }: JsonObject): boolean {
  return type !== 'message' || areAll(content, ['output_text']);
}

function areAll(list: JsonValue | undefined, types: readonly string[]): boolean {
  const items = jsonObjects(list);
  return items.length > 0 && items.every(({ type }) => typeof type === 'string' && types.includes(type));
}
