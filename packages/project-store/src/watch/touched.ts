import { basename } from 'node:path';
import { ideaFile } from '../layout.js';
import type { Touched } from './diff.js';

const ideaName = basename(ideaFile(''));
/** The text of a stage; the partial one is not: it changes with every word that a model says. */
const stageText = /^([1-9]\d{0,15})-.*(?<!\.partial)\.md$/u;

/** What names in a project's folder, and those in its `stages`, mean. */
export function touchedBy(names: Iterable<string>, stageNames: Iterable<string>): Touched {
  const stages = new Set<number>();
  for (const name of stageNames) {
    const number = stageText.exec(name)?.[1];
    if (number !== undefined) stages.add(Number(number));
  }
  return { idea: [...names].includes(ideaName), stages };
}
