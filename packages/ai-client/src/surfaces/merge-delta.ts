import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';

/** Strings that name something, and so are repeated by a server rather than continued. */
const identities: ReadonlySet<string> = new Set(['format', 'id', 'type', 'role', 'name', 'object']);

/**
 * Adds one streamed delta to what came before it: text is appended, numbers and names are replaced, arrays whose items
 * carry an `index` are merged by it, other arrays are appended, objects are merged. Fields that nobody documented are
 * treated the same way, so that reasoning text, for which servers use several names, survives.
 */
export function mergeDelta(target: JsonObject, delta: JsonObject): void {
  for (const name in delta) {
    const value = delta[name];
    if (value === undefined) continue;
    const before = target[name];
    if (value === null) {
      if (before === undefined) define(target, name, null);
    } else if (value === '' && identities.has(name) && before !== undefined) {
      // Some servers write nothing where they have nothing to repeat.
    } else if (typeof value === 'string') {
      define(target, name, typeof before === 'string' && !identities.has(name) ? before + value : value);
    } else if (Array.isArray(value)) {
      const items = Array.isArray(before) ? before : [];
      for (const item of value) mergeItem(items, item);
      define(target, name, items);
    } else if (isJsonObject(value)) {
      const merged = isJsonObject(before) ? before : {};
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

/** Whether a string of this name is repeated by a server rather than continued. */
export function isIdentity(name: string): boolean {
  return identities.has(name);
}

/** Plain assignment, except that a field called `__proto__` becomes data as well. */
function define(target: JsonObject, name: string, value: JsonValue): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
  else target[name] = value;
}
