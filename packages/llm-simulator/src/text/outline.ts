import { TOPICS } from './topics.js';
import { capitalise } from './words.js';

const MAX_SECTIONS = 12;
const MAX_TITLE_WORDS = 8;
const LIST_ITEM = /^\s*(?:\d{1,2}[.)]|[-*•])\s+(.+)$/;
const ASKS_FOR_SECTIONS =
  /\b(?:sections?|headings?|structure|structured|cover|covers|covering|includ\w+|contain\w*|outline|deliver\w*|parts?|chapters?|describ\w+)\b/i;
/** Headings that organise a prompt rather than name a part of the answer. */
const PROMPT_PARTS =
  /^(?:context|tasks?|your tasks?|instructions?|inputs?|outputs?|(?:output )?format|rules?|role|background|examples?|notes?|constraints|project|idea|the (?:idea|project)|previous.*|earlier.*|what to write|style)$/i;
const DEFAULT_SECTIONS = ['Overview', 'Approach', 'Next steps'];
const MENTIONED_LEAST = 2;

/** The titles of the sections a prompt asks for, best guess first found: lists, headings, topics by name. */
export function findOutline(instructions: string): string[] {
  const lists = listedTitles(instructions);
  if (lists.announced.length >= 2) return tidy(lists.announced);
  const headings = headingTitles(instructions);
  if (headings.length >= 2) return tidy(headings);
  if (lists.all.length >= 3) return tidy(lists.all);
  const mentioned = TOPICS.filter((topic) => topic.words.test(instructions)).map((topic) => topic.title);
  return mentioned.length >= MENTIONED_LEAST ? tidy(mentioned) : DEFAULT_SECTIONS;
}

function listedTitles(text: string): { announced: string[]; all: string[] } {
  const announced: string[] = [];
  const all: string[] = [];
  let wanted = false;
  let inList = false;
  for (const line of text.split('\n')) {
    const item = LIST_ITEM.exec(line)?.[1];
    if (item !== undefined) {
      inList = true;
      const title = titleOf(item);
      if (title === undefined) continue;
      all.push(title);
      if (wanted) announced.push(title);
      continue;
    }
    if (line.trim() === '' || /^\s{2,}\S/.test(line)) continue;
    if (inList || line.trim() !== '') wanted = ASKS_FOR_SECTIONS.test(line);
    inList = false;
  }
  return { announced, all };
}

function headingTitles(text: string): string[] {
  const titles: string[] = [];
  for (const match of text.matchAll(/(?:^|[\s`"“(])#{2,4} +([^\n`"”#]{2,80})/g)) {
    const title = titleOf(match[1] ?? '');
    if (title !== undefined && !PROMPT_PARTS.test(title)) titles.push(title);
  }
  return titles;
}

function titleOf(item: string): string | undefined {
  const bold = /^\*\*(.+?)\*\*/.exec(item)?.[1] ?? /^`#*\s*(.+?)`/.exec(item)?.[1];
  const plain = (bold ?? item).replace(/[*_`#]/g, '').trim();
  const head = /^(.+?)(?:\s*[:(;.–—]|\s-\s|,|$)/.exec(plain)?.[1]?.trim() ?? '';
  const words = head.split(/\s+/).slice(0, MAX_TITLE_WORDS);
  const title = capitalise(words.join(' '));
  return title.length >= 2 && /\p{L}/u.test(title) ? title : undefined;
}

function tidy(titles: readonly string[]): string[] {
  const seen = new Set<string>();
  const kept: string[] = [];
  for (const title of titles) {
    const key = title.toLowerCase();
    if (seen.has(key)) continue;
    seen.add(key);
    kept.push(title);
  }
  return kept.slice(0, MAX_SECTIONS);
}
