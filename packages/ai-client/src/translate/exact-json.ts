/** In V8 since 11.4, and not in the library types of TypeScript. */
const rawJson = (JSON as unknown as { rawJSON(source: string): unknown }).rawJSON;

/** Fewer digits make an integer that a double holds. */
const manyDigits = /\d{16}/;

/**
 * `JSON.parse`, except that integers beyond 2^53 survive `JSON.stringify` as they were written: a model puts ids of such
 * a size into the arguments of tools, and a rounded one is the id of something else.
 */
export function parseExactJson(source: string): unknown {
  if (!manyDigits.test(source)) return JSON.parse(source);
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    const written = context?.source;
    if (typeof value !== 'number' || written === undefined || survives(value, written)) return value;
    return rawJson(written);
  };
  return JSON.parse(source, revive as (key: string, value: unknown) => unknown);
}

function survives(value: number, written: string): boolean {
  const isRounded = !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
  return !isRounded || String(value) === written;
}
