import { compareSides, sideOf } from '../explain/compare.js';
import { comparePrints } from '../explain/compare-prints.js';
import type { Comparison } from '../explain/difference.js';
import { fingerprint } from '../explain/fingerprint.js';
import { readFingerprint } from '../explain/fingerprint-tree.js';
import type { AskedTarget } from '../steps/target.js';
import { surfaceAdapter } from '../surfaces/registry.js';
import type { Cassette } from './cassette.js';
import type { CassetteFolder } from './folder.js';
import { questionOf, questionSide } from './question.js';

export interface NearestCassette extends Comparison {
  readonly file: string;
}

/** Most files read in one search. */
const maxRead = 2000;

/** Finds the cassette whose request differs least from a target's. Reads files, so it is only for calls that have already failed. */
export async function nearestCassette(
  folder: CassetteFolder,
  target: AskedTarget,
): Promise<NearestCassette | undefined> {
  const adapter = surfaceAdapter(target.scope.surface);
  const side = questionSide(questionOf(target));
  const print = readFingerprint(fingerprint(target, adapter));
  let nearest: NearestCassette | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const file of (await folder.files()).slice(0, maxRead)) {
    const cassette = await folder.read(file).catch(() => undefined);
    if (cassette === undefined || cassette.surface !== adapter.surface) continue;
    const found = compare(cassette);
    if (found === undefined) continue;
    const count = found.differences.filter(({ changesKey }) => changesKey).length + found.omitted;
    if (count < fewest) [nearest, fewest] = [{ file, ...found }, count];
  }
  return nearest;

  function compare({ question, origin }: Cassette): Comparison | undefined {
    if (origin?.tenant !== undefined && origin.tenant !== print?.scope.tenant) return undefined;
    if (question !== undefined) return compareSides(side, questionSide(question));
    const there = readFingerprint(origin?.fingerprint);
    if (print === undefined || there === undefined) return undefined;
    return comparePrints(print, there, sideOf(target, adapter));
  }
}
