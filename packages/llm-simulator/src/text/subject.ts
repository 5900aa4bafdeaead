import { capitalise, excerpt, properNames, slugOf, tellingWords } from './words.js';

/** What a prompt is about, as far as its wording tells. */
export interface Subject {
  readonly title: string;
  readonly slug: string;
  /** One line about it, from the prompt; empty if there is none. */
  readonly idea: string;
  /** Telling words, at least four. */
  readonly words: readonly string[];
}

const NAME_LINE =
  /^[ \t>*#-]{0,12}(?:project(?: name)?|product|app(?:lication)?|name|title)\*{0,2}[ \t]{0,4}[:=][ \t*]{0,8}["“`]?([^\n"”`*]{2,80})/im;
const IDEA_LINE =
  /^[ \t>*#-]{0,12}(?:in short|in brief|idea|description|summary|goal|purpose)\*{0,2}[ \t]{0,4}[:=][ \t*]{0,8}([^\n]{8,400})/im;
const IDEA_TAG = /<idea>\s*([^<]{8,400})/i;
const CALLED =
  /\b(?:called|named)\s+["“`*]*(\p{Lu}[\p{L}\p{N} -]{1,40}?)["”`*]*(?=[,.;:\n]|\s(?:that|which|is|for|with)\b|$)/u;
/** Used when a prompt has too few telling words of its own. */
const FILLERS = ['daily use', 'first setup', 'upkeep', 'sharing', 'backup', 'visual polish'];
const WORDS = 14;
const LEAST_WORDS = 4;
/** Words that belong to prompts about documents, never to their subjects. */
const PROMPT_WORDS = [
  'project idea planning generate generated code review reviews architecture architectural design strategy implementation',
  'overview risks plan stage stages output format detailed careful structure reasons assessment progress initial clear concise',
  'typescript javascript python experience expert senior engineer architect planner reader template section paragraph bullet',
  'table summary title name called named describe description previous earlier based outputs inputs cover question questions',
  'shows showing',
];

/**
 * Extracts the subject from a prompt. `instructions` is the prompt without its quotations; `apart` names what the subject is not, such as
 * the requested sections.
 */
export function findSubject(prompt: string, instructions: string, apart: readonly string[] = []): Subject {
  const given = IDEA_LINE.exec(instructions)?.[1] ?? IDEA_TAG.exec(prompt)?.[1];
  const named =
    NAME_LINE.exec(instructions)?.[1] ?? CALLED.exec(instructions)?.[1] ?? properNames(instructions)[0];
  const idea = given ?? (named === undefined ? firstSentence(instructions) : '');
  const foreign = new Set([...apart, ...PROMPT_WORDS].flatMap((part) => tellingWords(part, WORDS)));
  const source = `${named ?? ''} ${idea}`.trim() === '' ? instructions : `${named ?? ''} ${idea}`;
  const own = tellingWords(source, WORDS * 2)
    .filter((word) => !foreign.has(word))
    .slice(0, WORDS);
  const guess = named?.trim() ?? capitalise(own.slice(0, 3).join(' '));
  const title = guess === '' ? 'Your request' : guess;
  return {
    title,
    slug: slugOf(title),
    idea: excerpt(idea, 160),
    words: own.length >= LEAST_WORDS ? own : [...own, ...FILLERS],
  };
}

function firstSentence(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const line = lines.find((candidate) => candidate.length > 8 && !candidate.startsWith('#')) ?? '';
  return /^.{8,}?[.!?](?=\s|$)/.exec(line)?.[0] ?? line;
}
