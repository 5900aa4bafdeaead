import { questionOfEntry } from '../cassettes/kept-request.js';
import { questionOf, questionSide } from '../cassettes/question.js';
import type { Entry } from '../entry.js';
import type { AskedTarget } from '../steps/target.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { compareSides, type Side, sideOf, summarise } from './compare.js';
import { comparePrints } from './compare-prints.js';
import type { Comparison } from './difference.js';
import { type FingerprintTree, readFingerprint } from './fingerprint-tree.js';

/**
 * Compares a request with that of an entry: in full if the latter was kept, otherwise by its fingerprint. `undefined` if it has neither.
 */
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
  return inWords(byPrint, compareSides(questionSide(questionOf(target)), questionSide(question)));
}

/** The same for two answered requests. `undefined` if one of the answers has no fingerprint. */
export function compareEntries(hereEntry: Entry, thereEntry: Entry): Comparison | undefined {
  const here = readFingerprint(hereEntry.metadata.fingerprint);
  const there = readFingerprint(thereEntry.metadata.fingerprint);
  if (here === undefined || there === undefined) return undefined;
  const asked = questionOfEntry(hereEntry);
  const byPrint = comparePrints(here, there, asked === undefined ? unknownSide : questionSide(asked));
  const other = asked !== undefined && maySee(here, there) ? questionOfEntry(thereEntry) : undefined;
  if (asked === undefined || other === undefined) return byPrint;
  return inWords(byPrint, compareSides(questionSide(asked), questionSide(other)));
}

/** A request whose content was not kept. */
const unknownSide: Side = {
  scope: {},
  headers: {},
  body: undefined,
  excluded: new Set(),
  hasOwnKey: false,
};

/** Takes the scope's differences from the fingerprints, which cover all of it, and the body's from the texts. */
function inWords(byPrint: Comparison, exact: Comparison): Comparison {
  const { sameKey, differences } = summarise([
    ...byPrint.differences.filter(({ where }) => where !== 'body'),
    ...exact.differences.filter(({ where }) => where === 'body'),
  ]);
  return { sameKey, differences, omitted: exact.omitted };
}

/** Nobody is shown the requests of another tenant, or of a caller with other credentials. */
function maySee({ scope: here }: FingerprintTree, { scope: there }: FingerprintTree): boolean {
  return here.tenant === there.tenant && here.credentials === there.credentials;
}
