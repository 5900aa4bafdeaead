import { basename } from 'node:path';
import { ideaFile } from '../layout.js';
import type { Touched } from './diff.js';

const ideaName = basename(ideaFile(''));
/** The document of a stage. Excludes the partial text, which changes with every token. */
const stageText = /^([1-9]\d{0,15})-.*(?<!\.partial)\.md$/u;

/** Which texts are affected, from the names changed in a project's folder and in its `stages`. */
export function touchedBy(names: Iterable<string>, stageNames: Iterable<string>): Touched {
  const stages = new Set<number>();
  for (const name of stageNames) {
    const number = stageText.exec(name)?.[1];
    if (number !== undefined) stages.add(Number(number));
  }
  return { idea: [...names].includes(ideaName), stages };
}
