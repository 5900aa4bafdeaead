import type { JsonObject, JsonValue } from '../json.js';
import { chatFields, type FieldRule } from './chat-fields.js';
import { type Draft, refusal } from './draft.js';
import { modelFamily } from './model-family.js';
import { type TranslationNote, TranslationNotes } from './notes.js';
import { translateMessages } from './turns.js';

/** A chat request in Anthropic's words. */
export interface TranslatedRequest {
  /** Body of a request to the Messages API. Write it with `JSON.stringify`. */
  readonly body: JsonObject;
  /** What was left out or changed; empty when everything has its counterpart. */
  readonly notes: readonly TranslationNote[];
}

/**
 * Translates a request for a chat completion to one for Anthropic's Messages API. The same request always gives the same
 * body. Every field is translated, left out with a note because it cannot change the answer, or refused; `chatFields` is
 * the list. The request is not changed.
 *
 * @throws {AiError} `AI_REQUEST_INVALID`, naming the field and what to do.
 */
export function chatRequestToMessages(request: JsonObject): TranslatedRequest {
  const draft: Draft = {
    request,
    body: {},
    system: [],
    family: modelFamily(typeof request.model === 'string' ? request.model : ''),
    notes: new TranslationNotes(),
  };
  // First what passes as it is: some translations add to it.
  for (const [name, value] of Object.entries(request)) {
    if (value !== undefined && !Object.hasOwn(chatFields, name)) define(draft.body, name, value);
  }
  for (const [name, rule] of Object.entries(chatFields)) {
    const value = request[name];
    if (value !== undefined && value !== null) applyRule(name, rule, value, draft);
    // Chat completions run to the model's limit unless told otherwise; Anthropic wants the limit.
    if (name === 'max_tokens') draft.body.max_tokens ??= draft.family.maxOutputTokens;
  }
  // Without messages there is nothing to answer; they say so themselves.
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

/** Plain assignment, except that a field called `__proto__` becomes data as well. */
function define(target: JsonObject, name: string, value: JsonValue): void {
  Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
}
