import type { JsonObject, JsonValue } from '../json.js';
import { chatFields, type FieldRule } from './chat-fields.js';
import { type Draft, refusal } from './draft.js';
import { modelFamily } from './model-family.js';
import { type TranslationNote, TranslationNotes } from './notes.js';
import { translateMessages } from './turns.js';

/** A chat request translated to Anthropic's format. */
export interface TranslatedRequest {
  /** Body of a request to the Messages API. Serialise it with `JSON.stringify`. */
  readonly body: JsonObject;
  /** What was omitted or changed; empty if everything has a counterpart. */
  readonly notes: readonly TranslationNote[];
}

/**
 * Translates a chat completion request to one for Anthropic's Messages API, without modifying it. Deterministic: the same request always
 * gives the same body. Every field is translated, omitted with a note because it cannot change the answer, or refused; see `chatFields`.
 *
 * @throws {AiError} `AI_REQUEST_INVALID`, naming the field and the remedy
 */
export function chatRequestToMessages(request: JsonObject): TranslatedRequest {
  const draft: Draft = {
    request,
    body: {},
    system: [],
    family: modelFamily(typeof request.model === 'string' ? request.model : ''),
    notes: new TranslationNotes(),
  };
  // Fields that pass unchanged come first, since some translations add to them.
  for (const [name, value] of Object.entries(request)) {
    if (value !== undefined && !Object.hasOwn(chatFields, name)) define(draft.body, name, value);
  }
  for (const [name, rule] of Object.entries(chatFields)) {
    const value = request[name];
    if (value !== undefined && value !== null) applyRule(name, rule, value, draft);
    // Chat completions default to the model's limit; Anthropic requires one.
    if (name === 'max_tokens') draft.body.max_tokens ??= draft.family.maxOutputTokens;
  }
  // Reports missing messages like empty ones.
  if (draft.body.messages === undefined) translateMessages([], draft);
  if (draft.system.length > 0) draft.body.system = draft.system;
  return { body: draft.body, notes: draft.notes.list() };
}

function applyRule(name: string, rule: FieldRule, value: JsonValue, draft: Draft): void {
  if (rule.rule === 'translated') rule.apply(value, draft);
  else if (rule.isNeutral?.(value) === true) return;
  else if (rule.rule === 'omitted') draft.notes.add(name, 'omitted', rule.why);
  else throw refusal(name, rule.why, rule.hint);
}

/** Assigns a member, including one named `__proto__`, which would otherwise set the prototype. */
function define(target: JsonObject, name: string, value: JsonValue): void {
  Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
}
