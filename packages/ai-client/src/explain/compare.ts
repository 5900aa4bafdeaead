import type { JsonObject } from '../json.js';
import { type ExactValue, parseExactly } from '../key/canonical.js';
import type { AskedTarget } from '../steps/target.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import type { Comparison, Difference } from './difference.js';
import { classOf } from './difference-class.js';
import { asObject, type PathStep, pathText } from './path.js';
import { isSecretHeader, redacted } from './secrets.js';
import { differingSpan, showValue } from './show-value.js';
import { textVariations } from './text-variation.js';
import { diffTrees, type TreeDifference } from './tree-diff.js';

/** A request with everything that makes up its key, for comparison. */
export interface Side {
  readonly scope: JsonObject;
  readonly headers: JsonObject;
  readonly body: ExactValue;
  /** Fields of the body that are not part of the key. */
  readonly excluded: ReadonlySet<string>;
  /** Whether the caller's own key replaces the body, apart from its model. */
  readonly hasOwnKey: boolean;
}

const maxDifferences = 100;

/** The request to one upstream. */
export function sideOf(target: AskedTarget, { keyExclusions }: SurfaceAdapter): Side {
  const { ownKey, body } = target;
  const { version: _version, text: _text, headers, ...scope } = target.scope;
  return {
    scope: withoutNulls({ ...scope, ownKey: ownKey ?? null }),
    headers: Object.fromEntries(headers),
    body: parseExactly(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()),
    excluded: keyExclusions,
    hasOwnKey: ownKey !== undefined,
  };
}

/** Every place where two requests differ. No difference has `changesKey` if and only if the keys are equal. */
export function compareSides(here: Side, there: Side): Comparison {
  const excluded = (name: PathStep | undefined): boolean =>
    typeof name === 'string' && here.excluded.has(name) && there.excluded.has(name);
  const ownKey = here.hasOwnKey || there.hasOwnKey;
  const inBody = (path: readonly PathStep[]): boolean => (ownKey ? path[0] === 'model' : !excluded(path[0]));
  return summarise([
    ...differences('scope', here.scope, there.scope, () => true),
    ...differences('headers', here.headers, there.headers, () => true),
    ...differences('body', here.body, there.body, inBody),
  ]);
}

/** Sorts differences that change the key first, and limits the number. */
export function summarise(differences: readonly Difference[]): Comparison {
  const telling = differences.filter(({ changesKey }) => changesKey);
  const ordered = [...telling, ...differences.filter(({ changesKey }) => !changesKey)];
  return {
    sameKey: telling.length === 0,
    differences: ordered.slice(0, maxDifferences),
    omitted: Math.max(0, ordered.length - maxDifferences),
  };
}

function differences(
  where: Difference['where'],
  here: ExactValue,
  there: ExactValue,
  changesKey: (path: readonly PathStep[]) => boolean,
): Difference[] {
  return diffTrees(here, there).map((found) => {
    const isHidden = where === 'headers' && isSecretHeader(String(found.path[0]));
    const hidden = isHidden || (where === 'scope' && found.path[0] === 'credentials');
    return difference(where, found, changesKey(found.path), hidden);
  });
}

function difference(
  where: Difference['where'],
  { path, here, there, isReordered = false }: TreeDifference,
  changesKey: boolean,
  hidden: boolean,
): Difference {
  const isText = typeof here === 'string' && typeof there === 'string' && !hidden;
  const onlyIn = isText ? textVariations(here, there) : [];
  const show = (value: ExactValue, other: ExactValue): string =>
    hidden ? redacted : showValue(value, other);
  const kind = here === undefined ? 'only-there' : there === undefined ? 'only-here' : 'changed';
  return {
    where,
    path: pathText(path),
    kind,
    class: classOf({ where, path, kind, isReordered, onlyIn }),
    ...(here === undefined ? {} : { here: show(here, there) }),
    ...(there === undefined ? {} : { there: show(there, here) }),
    ...(onlyIn.length === 0 ? {} : { onlyIn }),
    ...(isText ? { span: differingSpan(here, there) } : {}),
    changesKey,
  };
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

/** The fields present in the body that are not part of the key. */
export function excludedFields({ body, excluded, hasOwnKey }: Side): string[] {
  const names = Object.keys(asObject(body) ?? {});
  return names.filter((name) => (hasOwnKey ? name !== 'model' : excluded.has(name)));
}
