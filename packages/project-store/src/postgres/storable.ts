/*
 * PostgreSQL's text types hold neither NUL nor lone surrogates. In names and run records neither means anything, so NUL
 * becomes its symbol (U+2400) and a lone surrogate the replacement character. Documents are bytes and keep everything.
 */

export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u2400');
}

export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'string') return storableText(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [storableText(key), item]));
  });
}

/** The value that reading back `storableJson(value)` will give. */
export function asStored<Value>(value: Value): Value {
  return JSON.parse(storableJson(value)) as Value;
}
