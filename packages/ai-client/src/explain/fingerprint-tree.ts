import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import type { ExactValue } from '../key/canonical.js';
import { hashList, hashObject, hashScalar, hashText } from './quick-hash.js';
import type { TreeRules } from './tree-diff.js';

/** A parsed fingerprint. */
export interface FingerprintTree {
  readonly scope: JsonObject;
  readonly body: JsonValue;
}

/** Parses a fingerprint; `undefined` if it is not one known to this version. */
export function readFingerprint(text: string | undefined): FingerprintTree | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value) || value.length !== 2) return undefined;
    const [scope, body] = value as [JsonValue, JsonValue];
    return isJsonObject(scope) ? { scope, body } : undefined;
  } catch {
    return undefined;
  }
}

/** The value that a fingerprint shows in the clear: a marked text, a number and the like; `undefined` if it has only a hash. */
export function shownIn(value: ExactValue): ExactValue {
  if (typeof value === 'string') return value.startsWith('=') ? value.slice(1) : undefined;
  return typeof value === 'object' && value !== null ? undefined : value;
}

/** Compares fingerprints by the hashes of their parts, so that a whole hash can be compared with its parts. */
export const fingerprintRules: TreeRules = {
  identity: (value) => String(hashOf(value)),
  step(list, index) {
    let place = 0;
    for (const item of list.slice(0, index)) place += runLength(item);
    const length = runLength(list[index]);
    return length === 1 ? place : { from: place, to: place + length - 1 };
  },
};

function hashOf(value: ExactValue): number {
  if (typeof value === 'string') {
    if (value.startsWith('=')) return hashText(value.slice(1));
    if (value.startsWith('+')) return hashText(value);
    return Number.parseInt(value.startsWith('~') ? value.slice(1) : value, 36);
  }
  if (Array.isArray(value)) return hashList(value, hashOf);
  if (isJsonObject(value)) return hashObject(value, hashOf);
  return hashScalar(typeof value === 'number' || typeof value === 'boolean' ? value : null);
}

const runPattern = /^\+(\d+)~/;

function runLength(value: ExactValue): number {
  return typeof value === 'string' ? Number(runPattern.exec(value)?.[1] ?? 1) : 1;
}
