import type { JsonObject } from '../json.js';
import type { ExactValue } from '../key/canonical.js';
import type { Side } from './compare.js';
import { summarise } from './compare.js';
import type { Comparison, Difference } from './difference.js';
import { classOf } from './difference-class.js';
import { type FingerprintTree, fingerprintRules, shownIn } from './fingerprint-tree.js';
import { type PathStep, pathText, valueAt } from './path.js';
import { isSecretHeader, redacted } from './secrets.js';
import { showValue } from './show-value.js';
import { diffTrees, type TreeDifference } from './tree-diff.js';

/** Compares a request with one of which only the fingerprint was kept. Values are those of the request, where available. */
export function comparePrints(here: FingerprintTree, there: FingerprintTree, request: Side): Comparison {
  return summarise([
    ...diffTrees(here.scope, there.scope, fingerprintRules).map((found) => scopeDifference(found, request)),
    ...diffTrees(here.body, there.body, fingerprintRules).map((found) =>
      difference('body', found, found.path, valueAt(request.body, found.path)),
    ),
  ]);
}

/** Number of differing fields, by which entries are ranked. */
export function distance(here: FingerprintTree, there: FingerprintTree): number {
  return (
    diffTrees(here.scope, there.scope, fingerprintRules).length +
    diffTrees(here.body, there.body, fingerprintRules).length
  );
}

function scopeDifference(found: TreeDifference, { scope, headers }: Side): Difference {
  const [first, ...path] = found.path;
  if (first === 'headers')
    return difference('headers', found, path, valueAt(headers, path), isHidden(path, headers));
  return difference('scope', found, found.path, valueAt(scope, found.path), first === 'credentials');
}

/** Headers compared as a whole are hidden if any of them is secret. */
function isHidden([name]: readonly PathStep[], headers: JsonObject): boolean {
  return (name === undefined ? Object.keys(headers) : [String(name)]).some(isSecretHeader);
}

function difference(
  where: Difference['where'],
  { here, there, isReordered = false }: TreeDifference,
  path: readonly PathStep[],
  value: ExactValue,
  hidden = false,
): Difference {
  const known = shownIn(there);
  const show = (shown: ExactValue): string => (hidden ? redacted : showValue(shown));
  const kind = here === undefined ? 'only-there' : there === undefined ? 'only-here' : 'changed';
  return {
    where,
    path: pathText(path) || where,
    kind,
    class: classOf({ where, path, kind, isReordered }),
    ...(here === undefined || value === undefined ? {} : { here: show(value) }),
    ...(known === undefined ? {} : { there: show(known) }),
    changesKey: true,
  };
}
