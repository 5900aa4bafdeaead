/** Below it is a number of seconds, above of ms: 11 November 1973 as the one, the year 5138 as the other. */
const leastMs = 1e11;
/** Outside of these years lies only what means "never": the first moment of .NET is in the year 1, its last in 9999. */
const [leastYear, mostYear] = [1900, 9998];

/** A moment as an older project may write it: ISO 8601, seconds or ms since 1970, .NET's `/Date(…)/`. Epoch, ms. */
export function parseOlderTime(value: unknown): number | undefined {
  const at =
    typeof value === 'number'
      ? fromNumber(value)
      : typeof value === 'string'
        ? fromText(value.trim())
        : Number.NaN;
  const rounded = Math.round(at);
  const year = new Date(rounded).getUTCFullYear();
  return year >= leastYear && year <= mostYear ? rounded : undefined;
}

function fromNumber(value: number): number {
  // 0 is no moment but the want of one.
  if (value === 0) return Number.NaN;
  return Math.abs(value) < leastMs ? value * 1000 : value;
}

function fromText(text: string): number {
  if (/^[+-]?\d+(?:\.\d+)?$/u.test(text) && !/^\d{4}$/u.test(text)) return fromNumber(Number(text));
  const net = /^\/Date\(([+-]?\d+)(?:[+-]\d{4})?\)\/$/u.exec(text);
  if (net !== null) return Number(net[1]);
  // Without a zone it would be the time of whatever machine this runs on.
  const bare = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$/u.exec(text);
  return Date.parse(bare === null ? text : `${bare[1]}T${bare[2]}Z`);
}
