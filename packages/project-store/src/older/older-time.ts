/** Smaller numbers are seconds, larger ones ms: 1e11 is the year 5138 in seconds, and 3 March 1973 in ms. */
const leastMs = 1e11;
/** Years outside this range are sentinels: the minimum of .NET is in the year 1, its maximum in 9999. */
const [leastYear, mostYear] = [1900, 9998];

/** Parses a time as older projects write it: ISO 8601, seconds or ms since 1970, .NET's `/Date(…)/`. Epoch, ms. */
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
  // 0 means that no time was set.
  if (value === 0) return Number.NaN;
  return Math.abs(value) < leastMs ? value * 1000 : value;
}

function fromText(text: string): number {
  if (/^[+-]?\d+(?:\.\d+)?$/u.test(text) && !/^\d{4}$/u.test(text)) return fromNumber(Number(text));
  const net = /^\/Date\(([+-]?\d+)(?:[+-]\d{4})?\)\/$/u.exec(text);
  if (net !== null) return Number(net[1]);
  // Without a zone the result would depend on the machine this runs on.
  const bare = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$/u.exec(text);
  return Date.parse(bare === null ? text : `${bare[1]}T${bare[2]}Z`);
}
