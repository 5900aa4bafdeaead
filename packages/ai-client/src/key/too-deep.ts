import { AiError } from '../errors.js';

/** Deepest nesting of a request. No API knows one of fifty; a request can be made that overflows the stack of whoever walks it. */
export const maxDepth = 500;

export function tooDeep(): AiError {
  return new AiError('AI_REQUEST_INVALID', `The request is nested deeper than ${maxDepth} levels.`, {
    hint: 'Send the values flatter.',
  });
}

/** A walk through a request that ran out of stack. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}
