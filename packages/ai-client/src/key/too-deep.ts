import { AiError } from '../errors.js';

/** Deepest nesting of a request. No API needs even fifty levels; deeper ones could overflow the stack of recursive code. */
export const maxDepth = 500;

export function tooDeep(): AiError {
  return new AiError('AI_REQUEST_INVALID', `The request is nested deeper than ${maxDepth} levels.`, {
    hint: 'Send the values flatter.',
  });
}

/** Whether recursion over a request overflowed the stack. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}
