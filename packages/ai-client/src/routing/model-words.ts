import type { JsonObject } from '../json.js';
import { renamedMember, withoutMember } from '../json-member.js';

/** Models that refuse `max_tokens`, which OpenAI has replaced: its reasoning models. Other servers know only the older name. */
const wantsCompletionTokens = /^(?:openai\/)?(?:o\d|gpt-(?:[5-9]|\d\d))/;

/** They never make several calls at once, and refuse to be told so. */
const callsOneByOne = /^(?:openai\/)?o\d/;

/** The field by which a model is told how long an answer to a chat may be. */
export function limitField(model: string): 'max_tokens' | 'max_completion_tokens' {
  return wantsCompletionTokens.test(model) ? 'max_completion_tokens' : 'max_tokens';
}

/** Whether a model of this name may be told whether to make several calls at once. */
export function takesParallelCalls(model: string, parallel: boolean): boolean {
  return parallel || !callsOneByOne.test(model);
}

/**
 * A chat request, as text and as what it says, in the words of the model that a route has put in the place of another: who asked did not
 * know which it would be.
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
