import { checkDirectives, type DirectiveTable, inlineDirectives, parseDirectives } from '../directives.js';

/** What a request may ask of its answer beyond the provider's own parameters; see the README. */
export interface AnswerDirectives {
  /** Length of the text in tokens (filler text, made while it is sent). */
  readonly tokens?: number;
  /** Number of stream chunks that the text is divided into; without `tokens`, one token each. */
  readonly chunks?: number;
  /** Length of the reasoning in tokens; 0 turns it off. */
  readonly reasoning?: number;
  /** Answer with a refusal. */
  readonly refusal?: boolean;
  /** Call this many tools, whatever the prompt says; 0 calls none. */
  readonly tools?: number;
  /** Report this many prompt tokens as read from the provider's prompt cache. */
  readonly cached?: number;
}

const TABLE: DirectiveTable<keyof AnswerDirectives> = {
  tokens: { kind: 'count', least: 1 },
  chunks: { kind: 'count', least: 1 },
  reasoning: { kind: 'count' },
  refusal: { kind: 'flag' },
  tools: { kind: 'count', most: 32 },
  cached: { kind: 'count' },
};

export const ANSWER_HEADER = 'x-simulator-answer';
const INLINE_NAME = 'simulator-answer';
const NONE: AnswerDirectives = {};

/** Directives of one request: those of the header, else those in the last user message. */
export function readAnswerDirectives(header: string | undefined, userText: string): AnswerDirectives {
  const text = header ?? inlineDirectives(userText, INLINE_NAME);
  return text === undefined
    ? NONE
    : checkDirectives<AnswerDirectives>(parseDirectives(text, TABLE, 'answer'), TABLE, 'answer');
}
