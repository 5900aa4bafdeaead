import { pickIndex, type Random } from '../random.js';
import { codeFiles } from './code.js';
import { DOCUMENT_CLOSING, DOCUMENT_OPENING, withoutQuotations } from './notice.js';
import { findOutline } from './outline.js';
import { findSubject, type Subject } from './subject.js';
import { GENERAL, TOPICS, type Topic } from './topics.js';
import { capitalise } from './words.js';

const ASKS_FOR_CODE =
  /\b(?:fenced code|code (?:blocks?|generation|files?|examples?|snippets?)|source (?:code|files?)|write (?:the |some |me |a |an )?(?:\w+ )?(?:code|functions?|scripts?|programs?|class|module)|generate (?:the )?code)\b/i;

/** Whether a prompt wants source code in its answer. */
export function asksForCode(instructions: string): boolean {
  return ASKS_FOR_CODE.test(instructions);
}

/** A Markdown document of a few hundred words on the subject of `prompt`, with the sections that were asked for. */
export function writeDocument(instructions: string, prompt: string, random: Random): string {
  const outline = findOutline(instructions);
  const subject = findSubject(withoutQuotations(prompt), outline);
  const parts = [DOCUMENT_OPENING, `# ${subject.title}`, opening(subject, random)];
  for (const title of outline) parts.push(`## ${title}`, ...section(title, subject, random));
  if (asksForCode(instructions)) parts.push('## Files', ...codeFiles(subject, prompt));
  parts.push(DOCUMENT_CLOSING);
  return `${parts.join('\n\n')}\n`;
}

function opening(subject: Subject, random: Random): string {
  const fill = filler(subject, random);
  const idea =
    subject.idea === '' ? '' : `It starts from one idea: ${subject.idea.replace(/[.!?…]*$/, '')}. `;
  return `${idea}${fill('The pages below treat {a} as the heart of the matter and {b} as what could go wrong.')}`;
}

function section(title: string, subject: Subject, random: Random): string[] {
  const topic = topicOf(title);
  const fill = filler(subject, random);
  const paragraph = [
    ...shuffled(topic.sentences, random).slice(0, 2),
    ...shuffled(GENERAL.sentences, random).slice(0, 1),
  ];
  const prose = [...new Set(paragraph)].map(fill).join(' ');
  const numbered = /\b(?:plan|steps?|phases?|milestones?|roadmap|strategy|tasks?|timeline)\b/i.test(title);
  const items = (numbered ? topic.items : shuffled(topic.items, random)).map(
    (item, index) => `${numbered ? `${index + 1}.` : '-'} ${capitalise(fill(item))}`,
  );
  return [prose, items.join('\n')];
}

function topicOf(title: string): Topic {
  return TOPICS.find((topic) => topic.words.test(title)) ?? GENERAL;
}

/** Puts three different words of the subject into a template, the same three throughout one section. */
function filler(subject: Subject, random: Random): (template: string) => string {
  const [a = 'the work', b = 'the result', c = 'the rest'] = shuffled(subject.words.slice(0, 8), random);
  const values: Readonly<Record<string, string>> = { title: subject.title, a, b, c };
  return (template) =>
    capitalise(template.replace(/\{(title|a|b|c)\}/g, (_, name: string) => values[name] ?? ''));
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const rest = [...items];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(pickIndex(random, rest.length), 1));
  return result;
}
