/*
 * PostgreSQL's texts have no NUL and no half of a surrogate pair. In a name or in what is known of a run neither means
 * anything, so the one is kept as its picture and the other as the replacement character. Documents are bytes and keep
 * everything.
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

/** What will be read again of a value that is written by `storableJson`. */
export function asStored<Value>(value: Value): Value {
  return JSON.parse(storableJson(value)) as Value;
}
