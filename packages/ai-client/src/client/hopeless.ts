import type { Generation } from './ai-client.js';
import type { Checked } from './ask-until-valid.js';

/** Why repairing this answer is futile; `undefined` if it is not. */
export function hopeless(
  generation: Generation,
): Extract<Checked<never>, { readonly problem: string }> | undefined {
  const { refusal, finishReason, text } = generation;
  if (refusal !== undefined) {
    return {
      problem: `The model refused: ${refusal}`,
      output: refusal,
      hint: 'Ask for something else, or in other words.',
    };
  }
  if (finishReason === 'length') {
    return {
      problem: 'The answer was cut off at its limit of tokens.',
      output: text,
      hint: 'Allow the answer more tokens (maxTokens), or ask for less.',
    };
  }
  if (finishReason === 'content_filter') {
    return {
      problem: "The provider's filter ended the answer.",
      output: text,
      hint: 'Reword the prompt.',
    };
  }
  return undefined;
}
