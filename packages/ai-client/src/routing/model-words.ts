import type { JsonObject } from '../json.js';
import { renamedMember, withoutMember } from '../json-member.js';

/** OpenAI's reasoning models, which reject `max_tokens` in favour of its replacement. Other servers know only the older name. */
const wantsCompletionTokens = /^(?:openai\/)?(?:o\d|gpt-(?:[5-9]|\d\d))/;

/** These never make parallel calls, and reject the option. */
const callsOneByOne = /^(?:openai\/)?o\d/;

/** The field that limits the length of a chat answer. */
export function limitField(model: string): 'max_tokens' | 'max_completion_tokens' {
  return wantsCompletionTokens.test(model) ? 'max_completion_tokens' : 'max_tokens';
}

/** Whether a model accepts this value of `parallel_tool_calls`. */
export function takesParallelCalls(model: string, parallel: boolean): boolean {
  return parallel || !callsOneByOne.test(model);
}

/**
 * Adapts a chat request, both as text and parsed, to the model that a route substitutes for the requested one: the caller could not know
 * which it would be.
 */
export function inWordsOf(model: string, source: string, request: JsonObject): readonly [string, JsonObject] {
  let text = source;
  const words: JsonObject = { ...request };
  const { max_tokens, max_completion_tokens = null, parallel_tool_calls } = request;
  if (
    limitField(model) !== 'max_tokens' &&
    typeof max_tokens === 'number' &&
    max_completion_tokens === null
  ) {
    text = renamedMember(withoutMember(text, 'max_completion_tokens'), 'max_tokens', 'max_completion_tokens');
    delete words.max_tokens;
    words.max_completion_tokens = max_tokens;
  }
  if (parallel_tool_calls === false && !takesParallelCalls(model, false)) {
    text = withoutMember(text, 'parallel_tool_calls');
    delete words.parallel_tool_calls;
  }
  return [text, words];
}
