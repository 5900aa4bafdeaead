import { parse } from 'smol-toml';
import { isSection, type Layer } from '../layer.js';

/** A range of lines, from `first` up to but excluding `end`. */
export interface Lines {
  readonly first: number;
  readonly end: number;
}

/** The lines of a table without its header; of the root, those before the first table. */
export interface Table extends Lines {
  readonly path: readonly string[];
  readonly assignments: readonly Assignment[];
}

/** The lines of a key and its value. */
export interface Assignment extends Lines {
  /** Path from the root. */
  readonly path: readonly string[];
  /** How many names of the path are those of the table; the others are the key, which has several if it is dotted. */
  readonly depth: number;
  /** The key as written: everything before `=`. */
  readonly key: string;
}

/** The tables of a valid TOML text. */
export function tablesOf(lines: readonly string[]): readonly Table[] {
  let table = openTable([], 0, lines);
  const tables = [table];
  for (let at = 0; at < lines.length; at += 1) {
    if (/^\s*(?:#|$)/.test(lines[at] ?? '')) continue;
    const end = endOfStatement(lines, at);
    const text = lines.slice(at, end).join('\n');
    if (/^\s*\[/.test(text)) {
      table.end = at;
      table = openTable(pathOf(parsed(text)), end, lines);
      tables.push(table);
    } else {
      const key = keyBefore(text);
      const path = [...table.path, ...pathOf(parsed(`${key}= 0`))];
      table.assignments.push({ path, depth: table.path.length, key, first: at, end });
    }
    at = end - 1;
  }
  return tables;
}

interface OpenTable extends Table {
  end: number;
  readonly assignments: Assignment[];
}

/** A table that lasts up to the next header. */
function openTable(path: readonly string[], first: number, { length }: readonly string[]): OpenTable {
  return { path, first, end: length, assignments: [] };
}

/** A value may span several lines: as many as are needed to parse. */
function endOfStatement(lines: readonly string[], first: number): number {
  let end = first + 1;
  while (end < lines.length && parsed(lines.slice(first, end).join('\n')) === undefined) end += 1;
  return end;
}

/** A key can contain `=` in quotes. */
function keyBefore(text: string): string {
  const keys = [...text.matchAll(/=/g)].map(({ index }) => text.slice(0, index));
  return keys.find((key) => parsed(`${key}= 0`) !== undefined) ?? text;
}

/** The names down to the only value. */
function pathOf(layer: unknown): readonly string[] {
  const [only] = isSection(layer) ? Object.entries(layer) : [];
  return only === undefined ? [] : [only[0], ...pathOf(only[1])];
}

function parsed(text: string): Layer | undefined {
  try {
    // The line end makes the last line complete if it ends with \r.
    return parse(`${text}\n`);
  } catch {
    return undefined;
  }
}

/** The position after the last setting of a table. */
export function endOfContent(lines: readonly string[], { first, end }: Lines): number {
  let at = end;
  while (at > first && /^\s*(?:#.*)?$/.test(lines[at - 1] ?? '')) at -= 1;
  // Comments at the top of a file without settings concern the whole file.
  return at === 0 && lines.some((line) => line.trim() !== '') ? end : at;
}

/** What follows the value of an assignment: white space and a comment, and `\r` if its line ends with it. */
export function trailingComment(lines: readonly string[], { first, end }: Lines): string {
  const text = lines.slice(first, end).join('\n');
  // A # within a string does not start a comment.
  const start = [...text.matchAll(/\s*#/g)].find(({ index }) => parsed(text.slice(0, index)) !== undefined);
  if (start !== undefined) return text.slice(start.index);
  return text.endsWith('\r') ? '\r' : '';
}

/** Whether there is a # outside strings. */
export function hasComments(text: string): boolean {
  const tokens = text.matchAll(/"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'[^']*'|#.*/g);
  return [...tokens].some(([token]) => token.startsWith('#'));
}
