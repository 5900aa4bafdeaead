import { isRawJson } from '../exact-json.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';

/** Strings that are identifiers, which servers repeat rather than continue. */
const identities: ReadonlySet<string> = new Set(['format', 'id', 'type', 'role', 'name', 'object']);

/**
 * Merges a streamed delta into what came before: strings are appended, numbers and identifiers replaced, arrays whose items have an `index`
 * merged by it, other arrays appended, and objects merged. Undocumented fields are treated the same way, so that reasoning text, for which
 * servers use several names, is kept.
 */
export function mergeDelta(target: JsonObject, delta: JsonObject): void {
  for (const name in delta) {
    const value = delta[name];
    if (value === undefined) continue;
    const before = target[name];
    if (value === null) {
      if (before === undefined) define(target, name, null);
    } else if (value === '' && identities.has(name) && before !== undefined) {
      // Some servers send an empty string instead of repeating the value.
    } else if (typeof value === 'string') {
      define(target, name, typeof before === 'string' && !identities.has(name) ? before + value : value);
    } else if (Array.isArray(value)) {
      const items = Array.isArray(before) ? before : [];
      for (const item of value) mergeItem(items, item);
      define(target, name, items);
    } else if (isMergeable(value)) {
      const merged = isMergeable(before) ? before : {};
      mergeDelta(merged, value);
      define(target, name, merged);
    } else {
      define(target, name, value);
    }
  }
}

function mergeItem(items: JsonValue[], item: JsonValue): void {
  if (!isJsonObject(item) || typeof item.index !== 'number') {
    items.push(item);
    return;
  }
  const existing = items.find((candidate) => isJsonObject(candidate) && candidate.index === item.index);
  if (isJsonObject(existing)) {
    mergeDelta(existing, item);
    return;
  }
  const added: JsonObject = {};
  mergeDelta(added, item);
  items.push(added);
}

/** Whether a value is an object, and not a number that a double cannot hold. */
export function isMergeable(value: JsonValue | undefined): value is JsonObject {
  return isJsonObject(value) && !isRawJson(value);
}

/** Whether strings of this name are repeated rather than continued. */
export function isIdentity(name: string): boolean {
  return identities.has(name);
}

/** Assigns a member, including one named `__proto__`, which would otherwise set the prototype. */
function define(target: JsonObject, name: string, value: JsonValue): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
  else target[name] = value;
}
