export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A parsed JSON object. Not validated: check the type of each field before use. */
export interface JsonObject {
  [key: string]: JsonValue | undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects in an array; empty if `value` is not an array. */
export function jsonObjects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

const byteOrderMark = '\uFEFF';

/** Parses JSON, failing like `JSON.parse`. */
export type ParseJson = (text: string) => unknown;

/** Parses a JSON object; `undefined` if `text` is not JSON or not an object. */
export function parseJsonObject(text: string, parse: ParseJson = JSON.parse): JsonObject | undefined {
  try {
    const value = parse(text.startsWith(byteOrderMark) ? text.slice(1) : text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
