import { nameKey } from './slug.js';

/** The names by which a project can be found. */
export interface Names {
  readonly id: string;
  readonly name: string;
  /** Name of its folder. */
  readonly folder: string;
}

/** As many suggestions as can be read at a glance. */
const maxNamed = 3;
/** Longer references are not typos, and the comparison is quadratic. */
const maxCompared = 80;

/** Ids of the projects that a mistyped reference probably meant, best match first. */
export function nearNames(reference: string, projects: readonly Names[]): readonly string[] {
  const key = nameKey(reference.trim()).slice(0, maxCompared);
  if (key === '') return [];
  return projects
    .map(({ id, name, folder }) => ({
      id,
      distance: Math.min(...[id, name, folder].map((one) => distanceOf(key, nameKey(one)))),
    }))
    .filter(({ distance }) => distance <= allowed(key))
    .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
    .slice(0, maxNamed)
    .map(({ id }) => id);
}

/** Edits allowed: a third of the length. */
function allowed(key: string): number {
  return Math.ceil(key.length / 3);
}

/**
 * A substring of a name counts as one edit. A reference is also compared with the start of the name, since the random
 * end of an id is seldom remembered.
 */
function distanceOf(key: string, name: string): number {
  if (key.length >= 3 && name.includes(key)) return 1;
  const whole = name.slice(0, maxCompared);
  return Math.min(edits(key, whole), edits(key, whole.slice(0, key.length)) + 1);
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment distance). */
function edits(a: string, b: string): number {
  let older: number[] = [];
  let before = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      let least = Math.min(
        at(before, column) + 1,
        at(current, column - 1) + 1,
        at(before, column - 1) + change,
      );
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) least = Math.min(least, at(older, column - 2) + 1);
      current.push(least);
    }
    [older, before] = [before, current];
  }
  return at(before, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
