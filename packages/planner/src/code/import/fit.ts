import { type LeftOut, leftOut } from './left-out.js';
import { renderFiles, type ShownFile } from './render-files.js';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Fitted {
  readonly text: string;
  readonly tokens: number;
  readonly shown: readonly ShownFile[];
  /** Files left out entirely. */
  readonly dropped: readonly LeftOut[];
}

/** Minimum share of a file, tokens: less than this, some twenty lines, says little. */
const leastTokens = 192;

/**
 * Fits as much of the files as possible into the budget, shared fairly: small files stay whole, and all truncated files
 * get the same share (max-min fairness). If that would leave next to nothing of each, the deepest files are dropped
 * first.
 */
export function fitFiles(
  files: readonly SourceFile[],
  missing: readonly LeftOut[],
  tokenBudget: number,
  count: (text: string) => number,
): Fitted {
  const sized = files.map((file) => ({ ...file, tokens: count(file.text), lines: countLines(file.text) }));
  const byWorth = [...sized].sort((a, b) => depth(a.path) - depth(b.path) || compare(a.path, b.path));

  function attempt(kept: number, share: number): Fitted {
    const chosen = new Set(byWorth.slice(0, kept).map(({ path }) => path));
    const shown = sized.filter(({ path }) => chosen.has(path)).map((file) => cut(file, share));
    const dropped = sized.filter(({ path }) => !chosen.has(path)).map(({ path }) => leftOut(path, 'budget'));
    const text = renderFiles(shown, [...missing, ...dropped]);
    return { text, tokens: count(text), shown, dropped };
  }

  const fits = ({ tokens }: Fitted): boolean => tokens <= tokenBudget;
  const kept = largest(sized.length, (number) => fits(attempt(number, leastTokens)));
  const biggest = sized.reduce((most, { tokens }) => Math.max(most, tokens), 1);
  // A budget too small for the minimum share of one file still gets part of the first.
  const share = largest(biggest, (tokens) => fits(attempt(Math.max(kept, 1), tokens)));
  return share === 0 ? attempt(0, 0) : attempt(Math.max(kept, 1), share);
}

/** The largest whole number up to `most` for which `holds` is true, by bisection; 0 if there is none. `holds` must be monotonic. */
function largest(most: number, holds: (value: number) => boolean): number {
  if (holds(most)) return most;
  let good = 0;
  let bad = most;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

interface SizedFile extends SourceFile {
  readonly tokens: number;
  readonly lines: number;
}

/** The beginning of a file, in whole lines. */
function cut({ path, text, tokens, lines }: SizedFile, share: number): ShownFile {
  if (tokens <= share) return { path, text, lines, linesLeftOut: 0 };
  const end = text.lastIndexOf('\n', Math.floor((text.length * share) / tokens)) + 1;
  const kept = text.slice(0, end);
  return { path, text: kept, lines, linesLeftOut: lines - countLines(kept) };
}

function countLines(text: string): number {
  if (text === '') return 0;
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function depth(path: string): number {
  return path.split('/').length;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
