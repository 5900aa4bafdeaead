const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration such as `90s`, `30m`, `24h` or `7d` in ms. Throws a `RangeError` that names the parameter. */
export function parseDuration(name: string, text: string): number {
  const match = /^(\d+)([smhd])$/.exec(text);
  const unit = units[match?.[2] ?? ''];
  if (unit === undefined)
    throw new RangeError(`${name} must be a duration such as 30m, 24h or 7d, got ${JSON.stringify(text)}`);
  return Number(match?.[1]) * unit;
}
