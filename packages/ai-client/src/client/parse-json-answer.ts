import type { JsonValue } from '../json.js';

/** A fenced block of Markdown, with or without the name of its language. */
const fence = /^[ \t]*```[^\n`]*\n(.*?)\n?[ \t]*```[ \t]*$/ms;

export type ParsedAnswer = { readonly json: JsonValue } | { readonly problem: string };

/** The JSON in an answer: all of its text, or the first fenced block in it. */
export function parseJsonAnswer(text: string): ParsedAnswer {
  const whole = parse(text);
  if ('json' in whole) return whole;
  const fenced = fence.exec(text)?.[1];
  return fenced === undefined ? whole : parse(fenced);
}

function parse(text: string): ParsedAnswer {
  try {
    return { json: JSON.parse(text) as JsonValue };
  } catch (error) {
    return {
      problem: `The answer is not JSON: ${error instanceof Error ? error.message : String(error)}.`,
    };
  }
}
