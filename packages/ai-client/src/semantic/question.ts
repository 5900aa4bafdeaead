import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import type { Surface } from '../surface.js';

/** A request split into the text that may be worded differently and the rest, which may not. */
export interface Question {
  /** Text of the last message, which is the user's. */
  readonly text: string;
  /** The request without that text. */
  readonly rest: JsonObject;
}

/** The field with the turns, by surface; embeddings have none. */
const turnsOf: Readonly<Partial<Record<Surface, string>>> = {
  chat: 'messages',
  messages: 'messages',
  responses: 'input',
};

/** Content types that are only text. */
const textParts: ReadonlySet<unknown> = new Set(['text', 'input_text', 'output_text']);
/** Fields that ask for a particular sample or several, so that another answer is wanted. */
const draws = ['seed', 'n', 'best_of', 'logprobs', 'top_logprobs'];
/** Roles of turns that can be plain text. */
const talkRoles: ReadonlySet<unknown> = new Set(['system', 'developer', 'user', 'assistant']);

/**
 * The question of a request, if it may be reworded: all turns are text, the last is the user's, and any single answer will do. `undefined`
 * otherwise.
 */
export function readQuestion(surface: Surface, request: JsonObject): Question | undefined {
  const field = turnsOf[surface];
  if (field === undefined || draws.some((name) => isDrawn(name, request[name]))) return undefined;
  const turns = request[field];
  if (typeof turns === 'string') return question(turns, { ...request, [field]: '' });
  if (!Array.isArray(turns) || !turns.every(isTalk)) return undefined;
  const last = turns.at(-1);
  if (!isJsonObject(last) || last.role !== 'user') return undefined;
  const content = withoutText(last.content);
  if (content === undefined) return undefined;
  const changed = [...turns.slice(0, -1), { ...last, content: content.rest }];
  return question(content.text, { ...request, [field]: changed });
}

function question(text: string, rest: JsonObject): Question | undefined {
  return text.trim() === '' ? undefined : { text, rest };
}

function isDrawn(name: string, value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === false) return false;
  return !(name === 'n' && value === 1);
}

/** Whether a turn is plain text: no image, tool call or tool result. */
function isTalk(turn: JsonValue): boolean {
  if (!isJsonObject(turn) || !talkRoles.has(turn.role)) return false;
  if (turn.type !== undefined && turn.type !== 'message') return false;
  if (isGiven(turn.tool_calls) || isGiven(turn.function_call) || isGiven(turn.audio)) return false;
  const { content } = turn;
  if (typeof content === 'string') return true;
  return Array.isArray(content) && content.every((part) => isJsonObject(part) && textParts.has(part.type));
}

function isGiven(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

/** Splits the text from the content of a message. */
function withoutText(content: JsonValue | undefined): { text: string; rest: JsonValue } | undefined {
  if (typeof content === 'string') return { text: content, rest: '' };
  if (!Array.isArray(content) || content.length !== 1) return undefined;
  const [part] = content;
  if (!isJsonObject(part) || typeof part.text !== 'string') return undefined;
  return { text: part.text, rest: [{ ...part, text: '' }] };
}
