import { classOf } from '../explain/difference-class.js';
import { fingerprintRules } from '../explain/fingerprint-tree.js';
import { type PathStep, pathText } from '../explain/path.js';
import { withoutSecrets } from '../explain/secrets.js';
import { diffTrees, type TreeDifference } from '../explain/tree-diff.js';
import type { MissDifference } from './miss.js';
import { type ReadPrint, variationOf } from './print.js';

/** Field names may contain the caller's data, so reported paths are truncated. Characters. */
const maxPath = 100;

/** The fields in which two requests differ, from their prints. */
export function compareAsked(here: ReadPrint, there: ReadPrint): MissDifference[] {
  const scope = diffTrees(here.tree.scope, there.tree.scope, fingerprintRules);
  const body = diffTrees(here.tree.body, there.tree.body, fingerprintRules);
  return [
    ...scope.map(({ path }) => {
      const where = path[0] === 'headers' ? 'headers' : 'scope';
      return told(path, classOf({ where, path, kind: 'changed' }));
    }),
    ...body.map((found) => bodyDifference(found, here, there)),
  ];
}

function bodyDifference(found: TreeDifference, from: ReadPrint, to: ReadPrint): MissDifference {
  const { path, here, there, isReordered = false } = found;
  const kind = here === undefined ? 'only-there' : there === undefined ? 'only-here' : 'changed';
  const variation =
    typeof here === 'string' && typeof there === 'string' ? variationOf(from, here, to, there) : undefined;
  const onlyIn = variation === undefined ? [] : [variation];
  return told(path, classOf({ where: 'body', path, kind, isReordered, onlyIn }));
}

function told(path: readonly PathStep[], found: MissDifference['class']): MissDifference {
  return { path: withoutSecrets(pathText(path)).slice(0, maxPath), class: found };
}
