import type { JsonValue } from '../json.js';

/** A fenced block of Markdown, with or without the name of its language. */
const fence = /^[ \t]*```[^\n`]*\n(.*?)\n?[ \t]*```[ \t]*$/ms;

/** Where local models end the thoughts that their servers leave in the answer; some begin them in the prompt, so that only the end is seen. */
const endOfThoughts = '</think>';

export type ParsedAnswer = { readonly json: JsonValue } | { readonly problem: string };

/** The JSON in an answer: all of its text, or of that behind the model's thoughts, or the first fenced block in it. */
export function parseJsonAnswer(text: string): ParsedAnswer {
  const whole = parse(text);
  if ('json' in whole) return whole;
  const block = fence.exec(text);
  const end = text.lastIndexOf(endOfThoughts);
  // Words of the JSON itself end no thoughts.
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
