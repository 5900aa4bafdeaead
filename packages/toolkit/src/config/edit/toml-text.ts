import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'smol-toml';
import { type Layer, valueAt, withValueAt } from '../layer.js';
import {
  type Assignment,
  endOfContent,
  hasComments,
  type Lines,
  tablesOf,
  trailingComment,
} from './toml-lines.js';

/** A change to one value of a TOML file. `undefined` removes it. */
export interface TomlChange {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** A changed TOML text. */
export interface ChangedToml {
  readonly text: string;
  /** Whether the text had to be rewritten without the comments in it. */
  readonly commentsDropped: boolean;
}

/**
 * Changes one value of a TOML text and leaves everything else, including comments, untouched. If a line edit cannot
 * express the change (of tables in a list, say), the text is rewritten without its comments. The result is verified to
 * contain the requested change.
 */
export function changeToml(text: string, change: TomlChange): ChangedToml {
  const wanted = withValueAt(parse(text), change.path, change.value);
  const changed = changeLines(text, change, wanted);
  if (changed !== undefined && says(changed, wanted)) return { text: changed, commentsDropped: false };
  const rewritten = stringify(wanted).replaceAll('\n', `${carriageOf(text)}\n`);
  return { text: rewritten, commentsDropped: hasComments(text) };
}

function says(text: string, wanted: Layer): boolean {
  try {
    // An empty table means nothing.
    return isDeepStrictEqual(plain(withoutEmpty(parse(text))), plain(withoutEmpty(wanted)));
  } catch {
    return false;
  }
}

function changeLines(text: string, { path, value }: TomlChange, wanted: Layer): string | undefined {
  const lines = text.split('\n');
  const carriage = carriageOf(text);
  const parent = path.slice(0, -1);
  const tables = tablesOf(lines);
  const assignments = tables.flatMap((table) => table.assignments);
  const old = assignments.find((one) => startsWith(path, one.path));
  if (old !== undefined) return changeAssignment(lines, old, path, wanted);
  if (value === undefined) return undefined;
  const line = (key: readonly string[]): string => `${assignment(key, value)}${carriage}`;
  // A table that consists of dotted keys cannot have a header as well.
  const dotted = assignments.findLast(
    ({ path: other, depth }) => depth < parent.length && startsWith(other, parent),
  );
  if (dotted !== undefined) {
    const { end, depth } = dotted;
    return withLines(lines, { first: end, end }, [line(path.slice(depth))]);
  }
  const table = tables.find((one) => isDeepStrictEqual(one.path, parent));
  if (table === undefined) {
    const before = text.trim() === '' ? '' : `${text.trimEnd()}${carriage}\n${carriage}\n`;
    return `${before}[${keyName(parent)}]${carriage}\n${line(path.slice(-1))}\n`;
  }
  const at = endOfContent(lines, table);
  return withLines(lines, { first: at, end: at }, [line(path.slice(-1))]).replace(/\n*$/, '\n');
}

/** Changes the value of a key, or a part of it if it is a table within the line. The comment after it stays. */
function changeAssignment(
  lines: readonly string[],
  old: Assignment,
  path: readonly string[],
  wanted: Layer,
): string | undefined {
  // There can be comments between the lines of a table.
  if (old.path.length < path.length && old.end - old.first > 1) return undefined;
  const value = valueAt(wanted, old.path);
  const line = `${old.key}= ${inline(value)}${trailingComment(lines, old)}`;
  return withLines(lines, old, value === undefined ? [] : [line]);
}

function withLines(lines: readonly string[], { first, end }: Lines, changed: readonly string[]): string {
  return [...lines.slice(0, first), ...changed, ...lines.slice(end)].join('\n');
}

function startsWith(path: readonly string[], beginning: readonly string[]): boolean {
  return beginning.every((name, index) => name === path[index]);
}

/** What the lines of a text end with before `\n`. */
function carriageOf(text: string): string {
  return text.includes('\r\n') ? '\r' : '';
}

function assignment(key: readonly string[], value: unknown): string {
  return `${keyName(key)} = ${inline(value)}`;
}

function keyName(key: readonly string[]): string {
  return key.map((name) => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name))).join('.');
}

/** A value on a single line. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => assignment([key], inner))
      .join(', ')} }`;
  }
  return stringify({ v: value }).trim().slice('v = '.length);
}

function withoutEmpty(layer: Layer): Layer {
  return Object.fromEntries(
    Object.entries(layer).flatMap(([name, value]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date)
        return [[name, value]];
      const inner = withoutEmpty(value as Layer);
      return Object.keys(inner).length === 0 ? [] : [[name, inner]];
    }),
  );
}

/** The parser's tables have no prototype, which would make the comparison fail. */
function plain(layer: unknown): unknown {
  return JSON.parse(JSON.stringify(layer));
}
