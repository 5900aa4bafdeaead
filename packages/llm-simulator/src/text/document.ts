import { pickIndex, type Random } from '../random.js';
import { codeFiles } from './code.js';
import { DOCUMENT_CLOSING, DOCUMENT_OPENING, withoutQuotations } from './notice.js';
import { findOutline } from './outline.js';
import { findSubject, type Subject } from './subject.js';
import { GENERAL, TOPICS } from './topics.js';
import { capitalise } from './words.js';

const ASKS_FOR_CODE =
  /\b(?:fenced code|code (?:blocks?|generation|files?|examples?|snippets?)|source (?:code|files?)|write (?:the |some |me |a |an )?(?:\w+ )?(?:code|functions?|scripts?|programs?|class|module)|generate (?:the )?code)\b/i;

/** Whether a prompt asks for source code in its answer. */
export function asksForCode(instructions: string): boolean {
  return ASKS_FOR_CODE.test(instructions);
}

/** A Markdown document of a few hundred words on the subject of `prompt`, with the sections that `instructions` ask for. */
export function writeDocument(instructions: string, prompt: string, random: Random): string {
  const outline = findOutline(instructions);
  const titles = outline.sections.map(({ title }) => title);
  const subject = findSubject(prompt, withoutQuotations(prompt), titles);
  const code = asksForCode(instructions) ? codeFiles(subject, prompt) : undefined;
  const parts = [DOCUMENT_OPENING, `# ${outline.title ?? subject.title}`, opening(subject, random)];
  const section = createSectionWriter(subject, random);
  let placed = code === undefined;
  for (const { level, title } of outline.sections) {
    parts.push(`${'#'.repeat(level)} ${title}`, ...section(title));
    if (code === undefined) continue;
    if (!placed && /\b(?:files?|code|sources?)$/i.test(title)) {
      parts.push(...code.sources);
      placed = true;
    } else if (/^tests?\b/i.test(title)) {
      parts.push(...code.tests);
    }
  }
  if (code !== undefined && !placed) parts.push('## Files', ...code.sources);
  parts.push(DOCUMENT_CLOSING);
  return `${parts.join('\n\n')}\n`;
}

function opening(subject: Subject, random: Random): string {
  const fill = filler(subject, random);
  const idea =
    subject.idea === '' ? '' : `It starts from one idea: ${subject.idea.replace(/[.!?…]*$/, '')}. `;
  return `${idea}${fill('The pages below treat {a} as the heart of the matter and {b} as what could go wrong.')}`;
}

/** Writes sections that repeat no sentence until all of a topic's have been used. */
function createSectionWriter(subject: Subject, random: Random): (title: string) => string[] {
  const decks = new Map<readonly string[], string[]>();
  const draw = (from: readonly string[], count: number): string[] => {
    const drawn: string[] = [];
    for (let index = 0; index < Math.min(count, from.length); index += 1) {
      const deck = decks.get(from) ?? [];
      if (deck.length === 0) deck.push(...shuffled(from, random));
      decks.set(from, deck);
      const next = deck.pop();
      if (next !== undefined && !drawn.includes(next)) drawn.push(next);
    }
    return drawn;
  };
  return (title) => {
    const topic = TOPICS.find((candidate) => candidate.words.test(title)) ?? GENERAL;
    const fill = filler(subject, random);
    const own = draw(topic.sentences, 2);
    const prose = [...own, ...draw(GENERAL.sentences, 1)].map(fill).join(' ');
    const numbered = /\b(?:plan|steps?|phases?|milestones?|roadmap|strategy|tasks?|timeline)\b/i.test(title);
    const items = numbered ? topic.items : draw(topic.items, topic === GENERAL ? 3 : 4);
    const list = items.map((item, index) => `${numbered ? `${index + 1}.` : '-'} ${fill(item)}`);
    return [prose, list.join('\n')];
  };
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
