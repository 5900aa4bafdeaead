import type { Reply } from '../surface.js';

/** Input, output and reasoning tokens of all choices together. */
export function totalsOf(reply: Reply): { input: number; output: number; reasoning: number } {
  let output = 0;
  let reasoning = 0;
  for (const answer of reply.answers) {
    output += answer.outputTokens;
    reasoning += answer.reasoningTokens;
  }
  return { input: reply.prompt.usage.total, output, reasoning };
}

/** `usage` of a chat completion. */
export function chatUsage(reply: Reply): Record<string, unknown> {
  const { input, output, reasoning } = totalsOf(reply);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: reply.prompt.usage.cacheRead, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
