import { fingerprint } from '../explain/fingerprint.js';
import { type FingerprintTree, readFingerprint } from '../explain/fingerprint-tree.js';
import { asObject } from '../explain/path.js';
import { hashText } from '../explain/quick-hash.js';
import { maskings, type TextVariation } from '../explain/text-variation.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { Target } from '../steps/target.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';

/** What is kept of a request for comparison with later ones: only hashes. */
export interface RequestPrint {
  readonly text: string;
  /** For each text of the body in order, one hash per masking: equal for texts that differ only in what that masking hides. */
  readonly masks: Uint32Array;
}

/** A parsed print. */
export interface ReadPrint {
  readonly tree: FingerprintTree;
  /** Hashes of the texts of the body, in the order of the masks. */
  readonly texts: readonly string[];
  readonly masks: Uint32Array;
}

const steps = maskings.length;

/** The print of a request to one upstream. */
export function printOf(target: Target, adapter: SurfaceAdapter): RequestPrint {
  const text = fingerprint(target, adapter);
  const count = textsOf(readFingerprint(text)?.body).length;
  const masks = new Uint32Array(count * steps);
  let request: JsonValue = target.request;
  for (const [step, { mask }] of maskings.entries()) {
    request = mapTexts(request, mask);
    // Masks do not change the structure, so the texts are at the same positions.
    const masked = fingerprint({ ...target, request: request as JsonObject }, adapter);
    for (const [index, hash] of textsOf(readFingerprint(masked)?.body).entries())
      masks[index * steps + step] = hashText(hash);
  }
  return { text, masks };
}

export function readPrint({ text, masks }: RequestPrint): ReadPrint | undefined {
  const tree = readFingerprint(text);
  return tree === undefined ? undefined : { tree, texts: textsOf(tree.body), masks };
}

/**
 * The variation whose masking, on top of the previous ones, makes two texts equal, given by their hashes in the prints. `undefined` if they
 * differ in more.
 */
export function variationOf(
  here: ReadPrint,
  hashHere: string,
  there: ReadPrint,
  hashThere: string,
): TextVariation | undefined {
  const [from, to] = [here.texts.indexOf(hashHere) * steps, there.texts.indexOf(hashThere) * steps];
  if (from < 0 || to < 0) return undefined;
  return maskings.find((_masking, step) => here.masks[from + step] === there.masks[to + step])?.variation;
}

/** The hashes in the body of a fingerprint, in order: of texts, and of objects and lists that were hashed whole. */
function textsOf(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return value.startsWith('=') || value.startsWith('+') ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return Object.values(asObject(value) ?? {}).flatMap(textsOf);
}

function mapTexts(value: JsonValue, map: (text: string) => string): JsonValue {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  const object = asObject(value);
  if (object === undefined) return value;
  // `fromEntries` defines members, so that `__proto__` remains one.
  return Object.fromEntries(
    Object.entries(object).map(([name, item]) => [name, item === undefined ? item : mapTexts(item, map)]),
  );
}
