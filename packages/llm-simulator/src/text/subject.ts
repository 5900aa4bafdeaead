import { capitalise, excerpt, properNames, slugOf, tellingWords } from './words.js';

/** What a prompt is about, as far as its wording tells. */
export interface Subject {
  readonly title: string;
  readonly slug: string;
  /** One line on it, from the prompt. */
  readonly idea: string;
  /** Telling words, at least four. */
  readonly words: readonly string[];
}

const NAME_LINE =
  /^[\s>*#-]*\**(?:project(?: name)?|product|app(?:lication)?|name|title)\**\s*[:=]\s*\**\s*["“`]?([^\n"”`*]{2,80})/im;
const IDEA_LINE = /^[\s>*#-]*\**(?:idea|description|summary|goal|purpose)\**\s*[:=]\s*\**\s*([^\n]{8,400})/im;
const CALLED =
  /\b(?:called|named)\s+["“`*]*(\p{Lu}[\p{L}\p{N} -]{1,40}?)["”`*]*(?=[,.;:\n]|\s(?:that|which|is|for|with)\b|$)/u;
const FILLERS = ['request', 'result', 'reader', 'choice', 'step', 'detail'];
const WORDS = 14;
/** Words of prompts about documents, never of their subjects. */
const PROMPT_WORDS = [
  'project idea planning generate generated code review reviews architecture architectural design strategy implementation',
  'overview risks plan stage stages output format detailed careful structure reasons assessment progress initial clear concise',
  'typescript javascript python experience expert senior engineer architect planner reader template section paragraph bullet',
  'table summary title name called named describe description previous earlier based outputs inputs cover question questions',
];

/** Reads the subject out of what was asked; `apart` names what it is not, such as the sections wanted. */
export function findSubject(text: string, apart: readonly string[] = []): Subject {
  const idea = IDEA_LINE.exec(text)?.[1] ?? firstSentence(text);
  const named = NAME_LINE.exec(text)?.[1] ?? CALLED.exec(text)?.[1] ?? properNames(text)[0];
  const foreign = new Set([...apart, ...PROMPT_WORDS].flatMap((part) => tellingWords(part, WORDS)));
  const wordsOf = (source: string): string[] =>
    tellingWords(source, WORDS * 2)
      .filter((word) => !foreign.has(word))
      .slice(0, WORDS);
  const narrow = wordsOf(`${named ?? ''} ${idea}`);
  const own = narrow.length >= 4 ? narrow : wordsOf(`${named ?? ''} ${idea} ${text}`);
  const title = named?.trim() ?? capitalise(own.slice(0, 3).join(' '));
  const words = own.length >= 4 ? own : [...own, ...FILLERS].slice(0, 6);
  return {
    title: title === '' ? 'Your request' : title,
    slug: slugOf(title),
    idea: excerpt(idea, 160),
    words,
  };
}

function firstSentence(text: string): string {
  const line =
    text.split('\n').find((candidate) => candidate.trim().length > 8 && !candidate.startsWith('#')) ?? text;
  return /^.{8,}?[.!?](?=\s|$)/.exec(line.trim())?.[0] ?? line.trim();
}
