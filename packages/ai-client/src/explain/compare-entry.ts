import { questionOfEntry } from '../cassettes/kept-request.js';
import { questionOf, questionSide } from '../cassettes/question.js';
import type { Entry } from '../entry.js';
import type { AskedTarget } from '../steps/target.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { compareSides, sideOf, summarise } from './compare.js';
import { comparePrints } from './compare-prints.js';
import type { Comparison } from './difference.js';
import { type FingerprintTree, readFingerprint } from './fingerprint-tree.js';

/** Compares a request with that of an entry: word for word where it was kept, else by its fingerprint. `undefined` without either. */
export function compareEntry(
  target: AskedTarget,
  adapter: SurfaceAdapter,
  here: FingerprintTree,
  entry: Entry,
): Comparison | undefined {
  const there = readFingerprint(entry.metadata.fingerprint);
  if (there === undefined) return undefined;
  const byPrint = comparePrints(here, there, sideOf(target, adapter));
  const question = maySee(here, there) ? questionOfEntry(entry) : undefined;
  if (question === undefined) return byPrint;
  const exact = compareSides(questionSide(questionOf(target)), questionSide(question));
  const { sameKey, differences } = summarise([
    ...byPrint.differences.filter(({ where }) => where !== 'body'),
    ...exact.differences.filter(({ where }) => where === 'body'),
  ]);
  return { sameKey, differences, omitted: exact.omitted };
}

/** Nobody is shown what another tenant has asked, or somebody with other credentials. */
function maySee({ scope: here }: FingerprintTree, { scope: there }: FingerprintTree): boolean {
  return here.tenant === there.tenant && here.credentials === there.credentials;
}
