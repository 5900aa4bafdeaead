const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
// `ms` before `m` and `s`, or 500ms would be read as 500 minutes or seconds.
const PART: RegExp = /(\d+(?:\.\d+)?)(ms|[dhms])/y;

/** Milliseconds of a duration such as `20ms`, `1s`, `6m0s`, `1h30m2.5s`; a bare number is seconds. `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  let totalMs = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const match = PART.exec(text);
    if (match === null) return undefined;
    totalMs += Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0);
  }
  return text === '' ? undefined : totalMs;
}
