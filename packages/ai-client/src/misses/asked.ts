import type { FingerprintTree } from '../explain/fingerprint-tree.js';
import { asObject } from '../explain/path.js';
import { hashText } from '../explain/quick-hash.js';
import type { JsonValue } from '../json.js';
import type { RequestPrint } from './print.js';

/** A request that missed, as kept in the index. */
export interface Asked extends RequestPrint {
  readonly key: string;
  /** Hashes of its fields with their paths (without array positions), salted with surface and tenant. */
  readonly fields: Uint32Array;
  /** Whether its answer was stored. */
  isStored: boolean;
}

/**
 * Hashes of the fields of a request. Fields that two requests share have the same hashes, even if items were inserted before them in a
 * list.
 */
export function fieldsOf(tree: FingerprintTree): Uint32Array {
  const { surface, tenant, ...scope } = tree.scope;
  // Surface and tenant are part of every hash, so that tenants are never compared with each other.
  const seed = JSON.stringify([surface, tenant]);
  const found = new Set<number>();
  collect(scope, `${seed} scope`, found);
  collect(tree.body, `${seed} body`, found);
  return Uint32Array.from(found);
}

function collect(value: JsonValue | undefined, path: string, found: Set<number>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, `${path}[]`, found);
  else {
    const object = asObject(value);
    if (object === undefined) found.add(hashText(`${path}=${String(value)}`));
    else for (const name in object) collect(object[name], `${path}.${name}`, found);
  }
}
