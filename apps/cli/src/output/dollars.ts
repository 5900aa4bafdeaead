/** US dollars for people; small amounts keep two significant digits. */
export function dollars(usd: number): string {
  if (usd === 0) return '$0';
  return `$${usd >= 0.1 ? usd.toFixed(2) : usd.toPrecision(2)}`;
}

/** The same for a cost that may be unknown. */
export function costText(usd: number | undefined): string {
  return usd === undefined ? 'cost unknown' : dollars(usd);
}
