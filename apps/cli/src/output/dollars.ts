/** US dollars for people; small amounts keep two digits that say something. */
export function dollars(usd: number): string {
  if (usd === 0) return '$0';
  return `$${usd >= 0.1 ? usd.toFixed(2) : usd.toPrecision(2)}`;
}

/** The same of a cost, which may be unknown. */
export function costText(usd: number | undefined): string {
  return usd === undefined ? 'cost unknown' : dollars(usd);
}
