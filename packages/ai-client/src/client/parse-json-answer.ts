import type { JsonValue } from '../json.js';

/** A fenced block of Markdown, with or without a language name. */
const fence = /^[ \t]*```[^\n`]*\n(.*?)\n?[ \t]*```[ \t]*$/ms;

/**
 * The end of the reasoning that local servers leave in the answer. Some put the opening tag into the prompt, so only the closing one can be
 * relied on.
 */
const endOfThoughts = '</think>';

export type ParsedAnswer = { readonly json: JsonValue } | { readonly problem: string };

/** Parses the JSON in an answer: the whole text, the text after the reasoning, or the first fenced block in it. */
export function parseJsonAnswer(text: string): ParsedAnswer {
  const whole = parse(text);
  if ('json' in whole) return whole;
  const block = fence.exec(text);
  const end = text.lastIndexOf(endOfThoughts);
  // A `</think>` inside the fenced block is part of the JSON.
  if (end < 0 || isWithin(end, block)) return fenced(block) ?? whole;
  const answer = text.slice(end + endOfThoughts.length);
  const behind = parse(answer);
  return 'json' in behind ? behind : (fenced(fence.exec(answer)) ?? behind);
}

function isWithin(place: number, block: RegExpExecArray | null): boolean {
  return block !== null && block.index <= place && place < block.index + block[0].length;
}

function fenced(block: RegExpExecArray | null): ParsedAnswer | undefined {
  return block?.[1] === undefined ? undefined : parse(block[1]);
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
