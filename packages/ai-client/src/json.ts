export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A parsed JSON object; its fields are read with `typeof` checks, never trusted. */
export interface JsonObject {
  [key: string]: JsonValue | undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of an array, or nothing when it is none. */
export function jsonObjects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

const byteOrderMark = '\uFEFF';

/** The object that `text` holds, or `undefined` when it holds something else or is not JSON. */
export function parseJsonObject(
  text: string,
  parse: (text: string) => unknown = JSON.parse,
): JsonObject | undefined {
  try {
    const value = parse(text.startsWith(byteOrderMark) ? text.slice(1) : text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
