import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'smol-toml';
import { type Layer, withValueAt } from '../layer.js';

/** A change to one value of a TOML file. `undefined` removes it. */
export interface TomlChange {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** A range of lines, from `first` up to but excluding `end`. */
interface Lines {
  readonly first: number;
  readonly end: number;
}

/**
 * Changes one value of a TOML text and leaves everything else, including comments, untouched. If a line edit cannot
 * express the change (a table within one line, say), the text is rewritten without its comments. The result is verified
 * to contain the requested change.
 */
export function changeToml(text: string, change: TomlChange): string {
  const wanted = withValueAt(parse(text), change.path, change.value);
  const changed = changeLines(text, change);
  if (changed !== undefined && says(changed, wanted)) return changed;
  return stringify(wanted);
}

function says(text: string, wanted: Layer): boolean {
  try {
    // An empty table means nothing.
    return isDeepStrictEqual(plain(withoutEmpty(parse(text))), plain(withoutEmpty(wanted)));
  } catch {
    return false;
  }
}

function changeLines(text: string, { path, value }: TomlChange): string | undefined {
  const lines = text.split('\n');
  const table = path.slice(0, -1);
  const key = path.at(-1) ?? '';
  const place = findTable(lines, table);
  const old = place === undefined ? undefined : findKey(lines, place, key);
  if (old !== undefined) {
    const comment = old.end - old.first === 1 ? trailingComment(lines[old.first] ?? '') : '';
    const line = value === undefined ? [] : [`${assignment(key, value)}${comment}`];
    return [...lines.slice(0, old.first), ...line, ...lines.slice(old.end)].join('\n');
  }
  if (value === undefined) return undefined;
  const line = assignment(key, value);
  if (place === undefined) {
    const before = text.trim() === '' ? '' : `${text.trimEnd()}\n\n`;
    return `${before}[${table.map(keyName).join('.')}]\n${line}\n`;
  }
  const at = endOfContent(lines, place);
  return [...lines.slice(0, at), line, ...lines.slice(at)].join('\n').replace(/\n*$/, '\n');
}

/** The lines of a table without its header; for an empty path, those before the first table. */
function findTable(lines: readonly string[], table: readonly string[]): Lines | undefined {
  const headers = lines.flatMap((line, index) => (/^\s*\[/.test(line) && isHeader(line) ? [index] : []));
  const start = table.length === 0 ? -1 : headers.find((index) => namesTable(lines[index] ?? '', table));
  if (start === undefined) return undefined;
  return { first: start + 1, end: headers.find((index) => index > start) ?? lines.length };
}

/** Whether a line is a table header rather than a row of a multi-line list. */
function isHeader(line: string): boolean {
  try {
    return Object.keys(parse(line)).length === 1;
  } catch {
    return false;
  }
}

function namesTable(line: string, table: readonly string[]): boolean {
  return isDeepStrictEqual(plain(parse(line)), withValueAt({}, table, {}));
}

/** The lines of a key and its value. */
function findKey(lines: readonly string[], { first, end }: Lines, key: string): Lines | undefined {
  for (let at = first; at < end; at += 1) {
    if (!/^\s*[\w"'-]/.test(lines[at] ?? '')) continue;
    // A value may span several lines: take as many as are needed to parse.
    for (let after = at + 1; after <= end; after += 1) {
      const found = keysOf(lines.slice(at, after).join('\n'));
      if (found === undefined) continue;
      if (found.length === 1 && found[0] === key) return { first: at, end: after };
      at = after - 1;
      break;
    }
  }
  return undefined;
}

function keysOf(text: string): readonly string[] | undefined {
  try {
    return Object.keys(parse(text));
  } catch {
    return undefined;
  }
}

/** The position after the last setting of a table. */
function endOfContent(lines: readonly string[], { first, end }: Lines): number {
  let at = end;
  while (at > first && /^\s*(?:#.*)?$/.test(lines[at - 1] ?? '')) at -= 1;
  // Comments at the top of a file without settings concern the whole file.
  return at === 0 && lines.some((line) => line.trim() !== '') ? end : at;
}

/** The comment after a value, with the white space before it. */
function trailingComment(line: string): string {
  for (const match of line.matchAll(/\s*#/g)) {
    // A # within a string does not start a comment.
    if (keysOf(line.slice(0, match.index)) !== undefined) return line.slice(match.index);
  }
  return '';
}

function assignment(key: string, value: unknown): string {
  return `${keyName(key)} = ${inline(value)}`;
}

function keyName(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

/** A value on a single line. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => assignment(key, inner))
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
