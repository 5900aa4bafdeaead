const decimals: readonly string[] = Array.from(
  { length: 1000 },
  (_, count) => `.${String(count).padStart(3, '0')}`,
);

/**
 * A duration with three decimals, as text: `1.250`. Computed from a whole number, because finding the digits of a fraction takes several
 * times as long as the rest of a line. Anything that is not a duration is `null`, since JSON has no such numbers.
 */
export function thousandths(ms: number): string {
  const count = Math.round(ms * 1000);
  if (!(count >= 0 && count <= Number.MAX_SAFE_INTEGER)) return 'null';
  const whole = Math.floor(count / 1000);
  return `${whole}${decimals[count - whole * 1000]}`;
}
