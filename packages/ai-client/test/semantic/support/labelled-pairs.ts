import { readFileSync } from 'node:fs';

/** Two questions, and whether the answer to one is an answer to the other. */
export interface LabelledPair {
  readonly label: 'same' | 'different';
  /** How they differ. `attack`: written to defeat the rules of the guard. */
  readonly kind: string;
  readonly first: string;
  readonly second: string;
}

const lines = readFileSync(new URL('../labelled-pairs.tsv', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

export const labelledPairs: readonly LabelledPair[] = lines.slice(1).map((line) => {
  const [label = '', kind = '', first = '', second = ''] = line.split('\t');
  if (label !== 'same' && label !== 'different') throw new TypeError(`A pair has the label ${label}.`);
  return { label, kind, first, second };
});
