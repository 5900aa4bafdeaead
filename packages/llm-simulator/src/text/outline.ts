import { TOPICS } from './topics.js';
import { capitalise } from './words.js';

interface Section {
  /** Depth of its heading: 2 or 3. */
  readonly level: 2 | 3;
  readonly title: string;
}

/** What a document should consist of. */
export interface Outline {
  /** The title that the prompt prescribes, if any. */
  readonly title: string | undefined;
  readonly sections: readonly Section[];
}

const MAX_SECTIONS = 16;
const MAX_TITLE_WORDS = 8;
const MAX_ITEM_CHARACTERS = 200;
const LIST_ITEM = /^\s*(?:\d{1,2}[.)]|[-*•])\s+(.+)$/;
const ASKS_FOR_SECTIONS =
  /\b(?:sections?|headings?|structured?|cover|covers|covering|includ\w+|contain\w*|outline|deliver\w*|parts?|chapters?|describ\w+)\b/i;
/** Headings that structure a prompt rather than name a part of the answer. */
const PROMPT_PARTS =
  /^(?:context|tasks?|your tasks?|instructions?|inputs?|outputs?|(?:output )?format|rules?|role|background|examples?|notes?|constraints|project|idea|the (?:idea|project)|previous.*|earlier.*|what is .*|what to write|style)$/i;
const DEFAULT_TITLES = ['Overview', 'Approach', 'Next steps'];

/** The sections that a prompt asks for: by its headings, else its lists, else the topics that it names. */
export function findOutline(instructions: string): Outline {
  const lines = instructions.split('\n');
  const headed = headedSections(lines);
  if (headed.sections.length >= 3) return headed;
  const lists = listedTitles(lines);
  if (lists.announced.length >= 2) return { title: headed.title, sections: sectionsOf(lists.announced) };
  const quoted = quotedHeadings(instructions);
  if (quoted.length >= 2) return { title: headed.title, sections: sectionsOf(quoted) };
  if (lists.all.length >= 3) return { title: headed.title, sections: sectionsOf(lists.all) };
  const named = TOPICS.filter((topic) => topic.words.test(instructions)).map((topic) => topic.title);
  return { title: headed.title, sections: sectionsOf(named.length >= 2 ? named : DEFAULT_TITLES) };
}

/** Headings on lines of their own; the last first-level one before them is the title. */
function headedSections(lines: readonly string[]): Outline {
  const sections: Section[] = [];
  let title: string | undefined;
  for (const line of lines) {
    const heading = /^(#{1,3}) +(.{2,80})$/.exec(line.trimEnd());
    const text = heading?.[2]?.trim();
    if (heading === null || text === undefined || PROMPT_PARTS.test(text)) continue;
    if (heading[1] === '#') {
      if (sections.length === 0) title = text;
    } else {
      sections.push({ level: heading[1] === '##' ? 2 : 3, title: text });
    }
  }
  return { title, sections: sections.slice(0, MAX_SECTIONS) };
}

function listedTitles(lines: readonly string[]): { announced: string[]; all: string[] } {
  const announced: string[] = [];
  const all: string[] = [];
  let wanted = false;
  for (const line of lines) {
    const item = LIST_ITEM.exec(line)?.[1];
    if (item === undefined) {
      const goesOn = line.trim() === '' || /^\s{2,}\S/.test(line);
      if (!goesOn) wanted = ASKS_FOR_SECTIONS.test(line);
      continue;
    }
    const title = titleOf(item.slice(0, MAX_ITEM_CHARACTERS));
    if (title === undefined) continue;
    all.push(title);
    if (wanted) announced.push(title);
  }
  return { announced, all };
}

/** Headings named inside a sentence: "use the headings `## Overview` and `## Risks`". */
function quotedHeadings(text: string): string[] {
  const titles: string[] = [];
  for (const match of text.matchAll(/(?:^|[\s`"“(])#{2,4} +([^\n`"”#]{2,80})/g)) {
    const title = titleOf(match[1] ?? '');
    if (title !== undefined && !PROMPT_PARTS.test(title)) titles.push(title);
  }
  return titles;
}

function titleOf(item: string): string | undefined {
  const marked = /^\*\*(.+?)\*\*/.exec(item)?.[1] ?? /^`#*\s*(.+?)`/.exec(item)?.[1];
  const plain = (marked ?? item).replace(/[*_`#]/g, '').trim();
  const head = /^(.+?)(?:\s*[:(;.–—]|\s-\s|,|$)/.exec(plain)?.[1]?.trim() ?? '';
  const title = capitalise(head.split(/\s+/).slice(0, MAX_TITLE_WORDS).join(' '));
  return title.length >= 2 && /\p{L}/u.test(title) ? title : undefined;
}

function sectionsOf(titles: readonly string[]): Section[] {
  const seen = new Set<string>();
  const sections: Section[] = [];
  for (const title of titles) {
    const key = title.toLowerCase();
    if (seen.has(key)) continue;
    seen.add(key);
    sections.push({ level: 2, title });
  }
  return sections.slice(0, MAX_SECTIONS);
}
