import { freshToolResults, lastUserText, type Prompt } from '../answer/prompt.js';
import { createLoop } from '../answer/text-source.js';
import { createRandom, pick } from '../random.js';
import { asksForCode, writeDocument } from './document.js';
import { NOTICE, withoutQuotations } from './notice.js';
import { excerpt, tellingWords } from './words.js';

const SHORT_PROMPT_CHARACTERS = 160;
const READ_CHARACTERS = 262_144;
const ASKS_FOR_DOCUMENT =
  /\b(?:plan|write|draft|design|architecture|outline|document|report|specification|essay|strategy|roadmap|sections?|stages?|assess\w*|review|proposal)\b/i;
const GREETING = /\b(?:hello|hi|hey|good (?:morning|evening|day)|greetings)\b/i;
const REMARKS = [
  'A real model would say more about {a}.',
  'The part about {a} deserves a closer look.',
  'Everything here follows from the words of the question, above all {a}.',
  'Ask about something other than {a}, and the answer will change.',
];

/** The text of an answer to `prompt`: a document for a large request, sentences for a small one. */
export function writeAnswer(prompt: Prompt, seed: number): string {
  const asked = clipped(lastUserText(prompt));
  const results = freshToolResults(prompt);
  if (results.length > 0) return aboutToolResults(results);
  const instructions = withoutQuotations(asked);
  if (isSmall(instructions, asked)) return shortAnswer(prompt, asked, seed);
  const system = clipped(prompt.system);
  const whole = `${asked}\n${system}`;
  const outlined = ASKS_FOR_DOCUMENT.test(instructions) ? instructions : `${instructions}\n${system}`;
  return writeDocument(outlined, whole, createRandom(seed));
}

/** The beginning and the end of a text: that is where a prompt says what it wants, and reading everything costs time. */
function clipped(text: string): string {
  if (text.length <= READ_CHARACTERS) return text;
  return `${text.slice(0, READ_CHARACTERS / 4)}\n${text.slice((-READ_CHARACTERS * 3) / 4)}`;
}

function isSmall(instructions: string, asked: string): boolean {
  return (
    asked.length <= SHORT_PROMPT_CHARACTERS &&
    !ASKS_FOR_DOCUMENT.test(instructions) &&
    !asksForCode(instructions)
  );
}

function shortAnswer(prompt: Prompt, asked: string, seed: number): string {
  if (asked.trim() === '') return `${NOTICE}: nothing was asked.`;
  const random = createRandom(seed);
  const words = tellingWords(asked, 6);
  const remark = pick(random, REMARKS, '').replace('{a}', pick(random, words, 'the question'));
  const quoted = excerpt(asked, 100);
  const said = prompt.turns.filter((turn) => turn.role === 'user').length;
  const place = said > 1 ? ` That is message ${said} of this conversation.` : '';
  if (GREETING.test(asked)) return `${NOTICE}: hello! You said “${quoted}”.${place} ${remark}`;
  const verb = asked.trimEnd().endsWith('?') ? 'asked' : 'said';
  return `${NOTICE}: you ${verb} “${quoted}”.${place} ${remark}`;
}

function aboutToolResults(results: readonly string[]): string {
  const shown = results.map((result) => `“${excerpt(result, 160)}”`).join(' and ');
  return `${NOTICE}: the ${results.length === 1 ? 'tool' : 'tools'} returned ${shown}. That answers the request.`;
}

/** The thinking shown before an answer, a few sentences long. */
export function writeReasoning(prompt: Prompt, seed: number): string {
  const words = tellingWords(lastUserText(prompt), 5);
  const first = pick(createRandom(seed ^ 0x5bd1e995), words, 'the request');
  return (
    `Simulated reasoning: the request is “${excerpt(lastUserText(prompt), 80)}”. ` +
    `What matters most seems to be ${first}. First the words that were used, then the form that was asked for, then an answer in that form.`
  );
}

/** The text of a refusal. */
export function writeRefusal(): string {
  return `${NOTICE}: I can't help with that request.`;
}

/** The texts that answers of prescribed length are made of. */
export const FILLER: { readonly opening: string; readonly loop: string } = {
  opening: `${NOTICE} of prescribed length. `,
  loop: createLoop([
    'This sentence fills the length that was asked for.',
    'Nothing in it was thought by anyone.',
    'It flows past at the pace of the reader.',
    'When it has come to its end, it begins again.',
  ]),
};
